// Sequence numbers for everything pushed up. A subscriber takes a snapshot and then every event
// after it; the number only grows, and each event's is one more than the one before.
// Invariant: `snapshot` and the `subscribe` that follows in the same turn miss nothing between them.
import type { Event, Snapshot } from '#shared/contract.ts';
import type { EventSource } from '#shared/rpc/serve.ts';

export interface EventHub extends EventSource {
  emit(event: Event): void;
  /** Nobody watches: work that only feeds events can be left out. */
  hasSubscribers(): boolean;
}

export function createEventHub(takeSnapshot: () => Snapshot): EventHub {
  const listeners = new Set<(seq: number, event: Event) => void>();
  let seq = 0;
  return {
    snapshot: () => ({ seq, snapshot: takeSnapshot() }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(event) {
      seq += 1;
      for (const listener of listeners) listener(seq, event);
    },
    hasSubscribers: () => listeners.size > 0,
  };
}
