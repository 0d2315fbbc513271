// Names, at the end of a run, the specs that passed only when repeated. Such a one hides a race, in the
// product or in itself, and wants to be looked at as a failure does. Given to vitest by scripts/test.mjs.

export default class RepeatReporter {
  #names = [];

  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky) this.#names.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd() {
    if (this.#names.length === 0) return;
    console.log(`\n${this.#names.length} passed only when repeated:`);
    for (const name of this.#names) console.log(`  ${name}`);
  }
}
