// Who wants to hear of each change of a value kept outside React, whose useSyncExternalStore takes `watch`.
// Invariant: a change reaches everyone who watched when it was made, whoever comes or goes meanwhile.
// Made once by each module that keeps such a value and need not know whether anybody watches.

export interface Watchers {
  /** Calls back after every change; returns a function that ends it. */
  watch(onChange: () => void): () => void;
  publish(): void;
}

export function createWatchers(): Watchers {
  const watchers = new Set<() => void>();
  return {
    watch(onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
    publish() {
      for (const onChange of [...watchers]) onChange();
    },
  };
}
