// First come, first served: the requests of a pool that wait for a backend. Entries are their own
// list nodes, so that joining, leaving from anywhere and finding the first cost a few stores. Pure;
// one per PoolState, filled and served by assignment.ts.

/** What can stand in one queue at a time. */
export interface QueueEntry<E> {
  queued: boolean;
  /** Neighbours while it stands in a queue. */
  ahead: E | null;
  behind: E | null;
}

export class WaitQueue<E extends QueueEntry<E>> {
  first: E | null = null;
  length = 0;
  #last: E | null = null;

  join(entry: E): void {
    entry.queued = true;
    entry.ahead = this.#last;
    entry.behind = null;
    if (this.#last === null) this.first = entry;
    else this.#last.behind = entry;
    this.#last = entry;
    this.length++;
  }

  /** For one that was served in vain: it has not lost its turn. */
  joinFirst(entry: E): void {
    entry.queued = true;
    entry.ahead = null;
    entry.behind = this.first;
    if (this.first === null) this.#last = entry;
    else this.first.ahead = entry;
    this.first = entry;
    this.length++;
  }

  leave(entry: E): void {
    if (!entry.queued) return;
    if (entry.ahead === null) this.first = entry.behind;
    else entry.ahead.behind = entry.behind;
    if (entry.behind === null) this.#last = entry.ahead;
    else entry.behind.ahead = entry.ahead;
    entry.queued = false;
    entry.ahead = null;
    entry.behind = null;
    this.length--;
  }
}
