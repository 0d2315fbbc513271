// The places of the engine threads: as many as are wanted, each filled again when its thread dies or stops
// moving, after a pause that grows with every death. A thread that is one too many leaves once it has finished
// what it does. One of those that serve is the lead, which binds new addresses. Invariant: no two living
// threads write to the same counter pages. Knows no plan. Made by engine-link.ts.
import { type EngineNews, type EngineThread, startEngineThread } from './engine-thread.ts';
import type { CounterPages } from './pages.ts';

export interface EngineSeats {
  /** The threads that are wanted. */
  serving(): EngineThread[];
  /** These and those that leave. */
  living(): EngineThread[];
  isLeaving(thread: EngineThread): boolean;
  /** Undefined while none serves. */
  lead(): EngineThread | undefined;
  resize(workers: number): void;
  /** Lets requests in flight finish for up to `graceMs`, then ends the threads. */
  stop(graceMs: number): Promise<void>;
}

export interface EngineSeatsOptions {
  /** URL of the thread's entry. */
  entry: string;
  pages: CounterPages;
  /** See engine-thread.ts. */
  silentAfterMs: number;
  onReport(thread: EngineThread, report: EngineNews): void;
  /** It serves no more: it has ended or is to leave. */
  onLost(thread: EngineThread): void;
  /** Another leads in place of one that has ended. */
  onPromoted(lead: EngineThread): void;
  /** A thread ended without being asked to; it is being started again. `name` tells it from the others. */
  onDied(name: string, reason: string): void;
  /** The successor of one that died. `newPages`: it counts where nobody has looked so far. */
  onRevived(thread: EngineThread, newPages: boolean): void;
}

const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5000;
/** A thread that served this long was healthy: the next death starts from the shortest backoff. */
const HEALTHY_AFTER_MS = 1000;
/** What a thread that is no longer wanted may still take for its requests and tunnels. */
const RETIRE_MS = 600_000;

/** A thread's place, kept by its successors. */
interface Seat {
  thread: EngineThread | undefined;
  backoffMs: number;
  restart: NodeJS.Timeout | undefined;
}

export function createEngineSeats(options: EngineSeatsOptions): EngineSeats {
  const { pages } = options;
  const seats: Seat[] = [];
  /** No longer wanted, finishing what they have. */
  const leaving = new Set<EngineThread>();
  const takenIndices = new Set<number>();
  let lead: EngineThread | undefined;
  let stopping = false;

  const serving = (): EngineThread[] => seats.flatMap(({ thread }) => thread ?? []);
  const living = (): EngineThread[] => [...serving(), ...leaving];

  function start(seat: Seat): EngineThread {
    let index = 0;
    while (takenIndices.has(index)) index++;
    takenIndices.add(index);
    pages.of(index);
    const thread = startEngineThread({
      entry: options.entry,
      index,
      silentAfterMs: options.silentAfterMs,
      onReport: (report) => options.onReport(thread, report),
      onEnded: (end) => ended(seat, thread, end),
      onGone: () => {
        // Once more: a thread that was given up may have gone on counting.
        pages.clearGauges(index);
        takenIndices.delete(index);
      },
    });
    seat.thread = thread;
    lead ??= thread;
    return thread;
  }

  function ended(
    seat: Seat,
    thread: EngineThread,
    end: { asked: boolean; reason: string; livedMs: number },
  ): void {
    pages.clearGauges(thread.index);
    options.onLost(thread);
    leaving.delete(thread);
    if (seat.thread === thread) seat.thread = undefined;
    if (lead === thread) {
      lead = serving()[0];
      if (lead && !stopping) options.onPromoted(lead);
    }
    if (stopping || end.asked) return;
    const place = seats.indexOf(seat);
    options.onDied(
      seats.length === 1 ? 'the engine thread' : `engine thread ${place + 1} of ${seats.length}`,
      end.reason,
    );
    if (end.livedMs > HEALTHY_AFTER_MS) seat.backoffMs = MIN_BACKOFF_MS;
    seat.restart = setTimeout(() => revive(seat), seat.backoffMs);
    seat.backoffMs = Math.min(seat.backoffMs * 2, MAX_BACKOFF_MS);
  }

  function revive(seat: Seat): void {
    const known = pages.all().length;
    const thread = start(seat);
    options.onRevived(thread, pages.all().length > known);
  }

  function retire(thread: EngineThread): void {
    leaving.add(thread);
    options.onLost(thread);
    if (lead === thread) lead = serving()[0];
    void thread.end('retire', RETIRE_MS);
  }

  return {
    serving,
    living,
    isLeaving: (thread) => leaving.has(thread),
    lead: () => lead,
    resize(workers) {
      while (seats.length < workers) {
        const seat: Seat = { thread: undefined, backoffMs: MIN_BACKOFF_MS, restart: undefined };
        seats.push(seat);
        start(seat);
      }
      // Whoever serves stays.
      seats.sort((a, b) => Number(b.thread !== undefined) - Number(a.thread !== undefined));
      for (const { restart, thread } of seats.splice(workers)) {
        clearTimeout(restart);
        if (thread) retire(thread);
      }
    },
    async stop(graceMs) {
      stopping = true;
      for (const seat of seats) clearTimeout(seat.restart);
      await Promise.all(living().map((thread) => thread.end('stop', graceMs)));
    },
  };
}
