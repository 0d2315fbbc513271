// How much of something a client may do: so much at once, so much each second, and more where it has
// earned it. Pure: time comes from outside. Called by frame-guard.ts.

export interface AccountTerms {
  /** What may be owed at most. */
  depth: number;
  recoveryPerS: number;
  /** What may be earned ahead. */
  savings: number;
}

export class Account {
  readonly #terms: AccountTerms;
  #owed = 0;
  #owedAtMs = 0;

  constructor(terms: AccountTerms) {
    this.#terms = terms;
  }

  get overdrawn(): boolean {
    return this.#owed > this.#terms.depth;
  }

  charge(cost: number): void {
    this.#owed += cost;
  }

  earn(worth: number): void {
    this.#owed = Math.max(-this.#terms.savings, this.#owed - worth);
  }

  recover(nowMs: number): void {
    const recovered = ((nowMs - this.#owedAtMs) / 1000) * this.#terms.recoveryPerS;
    this.#owedAtMs = nowMs;
    // Time pays debts; it does not save.
    if (this.#owed > 0) this.#owed = Math.max(0, this.#owed - recovered);
  }
}
