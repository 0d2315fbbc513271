// Long work of the core's thread in slices: one slice in each turn of the event loop, whoever's turn it
// is, so that everything else (calls, events, probes) is never kept waiting longer than one slice.
// Invariant: of several long works each gets every n-th turn. Called by history.ts.

export interface Turns {
  /** Resolves when the caller may work for a slice. */
  next(): Promise<void>;
}

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];

  function turn(): void {
    const [first] = waiting.splice(0, 1);
    if (waiting.length > 0) setImmediate(turn);
    first?.();
  }

  return {
    next() {
      return new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(turn);
      });
    },
  };
}
