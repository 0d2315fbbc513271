// How many retries a pool may have under way, so that retries never become the load that keeps
// failing backends down: a share of the requests under way, and always a few. Pure; asked by
// exchange/attempts.ts before a request that a backend may have seen goes to another one.

/** What is under way for a pool. */
export interface RetryLoad {
  /** Requests, waiting ones and retries included. */
  readonly underWay: number;
  /** Requests sent again and not answered yet; the one that asks is not among them. */
  readonly retrying: number;
}

export interface RetryBudget {
  readonly budgetPct: number;
  readonly budgetMin: number;
}

/** Whether one more retry may be under way. */
export function budgetAllows(
  { underWay, retrying }: RetryLoad,
  { budgetPct, budgetMin }: RetryBudget,
): boolean {
  return retrying < budgetMin || (retrying + 1) * 100 <= underWay * budgetPct;
}
