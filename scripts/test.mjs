// npm test: installs what the tests need, builds what ships, runs every test, and ends with one
// line "N passed, N failed". A failed spec over real sockets or in the browser is run once more, for the
// whole suite crowds a small machine; those that needed it are named. Arguments are passed on to vitest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { modernNode, root, run } from './lib/process.mjs';

await ensureInstalled();
const chromium = await ensureChromium();
await ensureBuilt();

const results = mkdtempSync(join(tmpdir(), 'sluice-results-'));
const report = join(results, 'report.json');
const code = await run(
  modernNode(),
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    `--reporter=${join(root, 'scripts', 'lib', 'repeat-reporter.mjs')}`,
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { env: { SLUICE_CHROMIUM: chromium, SLUICE_TEST_REPEATS: '1' } },
);
const { passed, failed } = count(report);
rmSync(results, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
// A run that executed nothing has shown nothing.
process.exit(code === 0 && failed === 0 && passed > 0 ? 0 : code || 1);

function count(path) {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(path, 'utf8'));
    // A file that does not load fails as a suite without any test of its own.
    return { passed: numPassedTests, failed: numFailedTests || numFailedTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
