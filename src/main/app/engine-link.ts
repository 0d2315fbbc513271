// Runs the engine threads: gives each of them every plan, starts a thread again when it dies or its loop
// stops, from the last plan, and changes their number while they serve. The counter pages outlive the
// threads, so totals go on where they were. Invariant: plans are handed over in the order they were made;
// only the newest one is repeated. Made by core.ts; used by configuration.ts for plans and by connections.ts
// for questions.
import type { Crew, EngineCommand, EngineReport, ListenerReport } from '../engine/messages.ts';
import type { Plan } from '../engine/plan.ts';
import { createListenerView } from './engine-listeners.ts';
import {
  type EngineAnswer,
  type EngineNews,
  type EngineQuestion,
  type EngineThread,
  startEngineThread,
} from './engine-thread.ts';
import type { CounterPages } from './pages.ts';

export interface EngineSize {
  /** Threads wanted. */
  workers: number;
  /** Counter pages the plan's rows need. */
  pageCount: number;
}

export interface EngineLink {
  /** Settles with the listeners once every thread runs the plan; with undefined when none lives or one is stuck. */
  apply(plan: Plan, size: EngineSize): Promise<ListenerReport[] | undefined>;
  setHealth(updates: { slot: number; usable: boolean }[]): void;
  /** Asks every thread; the answers of those that live, with their number. */
  ask(question: EngineQuestion): Promise<{ thread: number; answer: EngineAnswer }[]>;
  /** Tells one thread, by its number. */
  send(thread: number, command: EngineCommand): void;
  /** Lets requests in flight finish for up to `graceMs`, then ends the threads. */
  stop(graceMs: number): Promise<void>;
  /** Threads that run a plan. */
  workers(): number;
}

export interface EngineLinkOptions {
  /** URL of the thread's entry. */
  entry: string;
  pages: CounterPages;
  /** Whether several threads can listen on one address here; without it there is one thread. */
  shares: boolean;
  /** See engine-thread.ts. */
  silentAfterMs?: number;
  onReport(report: Extract<EngineReport, { type: 'requests' | 'fault' }>): void;
  /**
   * What runs has changed. `revision` is the oldest one a serving thread runs, 0 without any; the
   * listeners are those of the newest plan that any thread has answered for.
   */
  onChange(revision: number, listeners: ListenerReport[]): void;
  /** A thread ended without being asked to; it is being started again. `name` tells it from the others. */
  onDied(name: string, reason: string): void;
}

const SILENT_AFTER_MS = 5000;
/** Threads that have not answered after this long are reported as such; they may still do it. */
const ANSWER_TIMEOUT_MS = 5000;
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

export function createEngineLink(options: EngineLinkOptions): EngineLink {
  const { pages } = options;
  const fence = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const seats: Seat[] = [];
  /** No longer wanted, finishing what they have. */
  const leaving = new Set<EngineThread>();
  const takenIndices = new Set<number>();
  const view = createListenerView();
  /** The one that binds new addresses. */
  let lead: EngineThread | undefined;
  /** A new lead binds what the one before it had not bound yet. */
  let promotion = Promise.resolve();
  /** `round` tells plans of one revision apart. */
  let last: { plan: Plan; round: number } | undefined;
  let stopping = false;

  const serving = (): EngineThread[] => seats.flatMap(({ thread }) => thread ?? []);
  const living = (): EngineThread[] => [...serving(), ...leaving];
  const changed = (): void => {
    if (!stopping) options.onChange(view.revision(), view.merged());
  };

  function crewOf(thread: EngineThread): Crew | undefined {
    if (!options.shares) return undefined;
    const peers = pages.all().filter((_, index) => index !== thread.index);
    const others = pages.clientTables().filter((_, index) => index !== thread.index);
    const own = pages.clientTables()[thread.index];
    const clients = own === undefined || others.length === 0 ? undefined : { own, others };
    // One that leaves must not bind again.
    if (leaving.has(thread)) return { lead: false, held: [], peers, fence, clients };
    return { lead: thread === lead, held: view.held(), peers, fence, clients };
  }

  // ---- Threads

  function start(seat: Seat): EngineThread {
    let index = 0;
    while (takenIndices.has(index)) index++;
    takenIndices.add(index);
    pages.of(index);
    const thread = startEngineThread({
      entry: options.entry,
      index,
      silentAfterMs: options.silentAfterMs ?? SILENT_AFTER_MS,
      onReport: (report) => hear(thread, report),
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
    view.forget(thread.index);
    leaving.delete(thread);
    if (seat.thread === thread) seat.thread = undefined;
    if (lead === thread) {
      lead = serving()[0];
      // What the old one had not bound yet is its task now.
      if (lead && !stopping) promotion = join([lead]).then(joinWaiting);
    }
    if (stopping || end.asked) return;
    const place = seats.indexOf(seat);
    options.onDied(
      seats.length === 1 ? 'the engine thread' : `engine thread ${place + 1} of ${seats.length}`,
      end.reason,
    );
    changed();
    if (end.livedMs > HEALTHY_AFTER_MS) seat.backoffMs = MIN_BACKOFF_MS;
    seat.restart = setTimeout(() => revive(seat), seat.backoffMs);
    seat.backoffMs = Math.min(seat.backoffMs * 2, MAX_BACKOFF_MS);
  }

  function revive(seat: Seat): void {
    const known = pages.all().length;
    const thread = start(seat);
    if (!last) return;
    void apply([thread]);
    // It counts where nobody has looked so far.
    if (pages.all().length > known) void join(serving().filter((other) => other !== thread));
  }

  function resize(workers: number): void {
    while (seats.length < workers) {
      const seat: Seat = { thread: undefined, backoffMs: MIN_BACKOFF_MS, restart: undefined };
      seats.push(seat);
      start(seat);
    }
    // Whoever serves stays.
    seats.sort((a, b) => Number(b.thread !== undefined) - Number(a.thread !== undefined));
    for (const seat of seats.splice(workers)) {
      clearTimeout(seat.restart);
      const { thread } = seat;
      if (!thread) continue;
      leaving.add(thread);
      view.forget(thread.index);
      if (lead === thread) lead = serving()[0];
      void thread.end('retire', RETIRE_MS);
    }
  }

  // ---- Plans

  /** Hands the newest plan to these threads, then lets those that waited for the lead bind. Whether they all run it. */
  async function apply(threads: readonly EngineThread[]): Promise<boolean> {
    const { plan, round } = last!;
    const applying = threads.map(async (thread) => {
      const pagesOfThread = pages.of(thread.index);
      const answer = await thread.ask({
        type: 'apply',
        plan,
        pages: pagesOfThread,
        ...crewField(crewOf(thread)),
      });
      if (answer?.type !== 'applied') return false;
      if (!leaving.has(thread)) view.applied(thread.index, round, answer.revision, answer.listeners);
      changed();
      return true;
    });
    const applied = await Promise.all(applying);
    await promotion;
    // A newer plan takes care of what is left.
    if (round === last!.round) await joinWaiting();
    // One that died runs nothing any more; its successor begins with this plan.
    return applied.includes(true);
  }

  /** Those whose listeners wait for the lead can bind what it holds by now. */
  async function joinWaiting(): Promise<void> {
    await join(serving().filter((thread) => thread !== lead && view.waits(thread.index)));
  }

  async function join(threads: readonly EngineThread[]): Promise<void> {
    const joining = threads.map(async (thread) => {
      const crew = crewOf(thread);
      const answer = crew && (await thread.ask({ type: 'join', crew }));
      if (answer?.type !== 'joined' || leaving.has(thread)) return;
      view.heard(thread.index, answer.listeners);
      changed();
    });
    await Promise.all(joining);
  }

  function hear(thread: EngineThread, report: EngineNews): void {
    if (report.type !== 'listener') options.onReport(report);
    else if (!leaving.has(thread)) {
      view.heard(thread.index, [report.listener]);
      changed();
      void joinWaiting();
    }
  }

  return {
    async apply(plan, size) {
      if (stopping) return undefined;
      pages.grow(size.pageCount);
      last = { plan, round: view.planned(plan) };
      resize(options.shares ? size.workers : 1);
      const applied = await inTime(apply(living()), ANSWER_TIMEOUT_MS);
      return applied === true ? view.merged() : undefined;
    },
    setHealth(updates) {
      if (last) last.plan = withHealth(last.plan, updates);
      for (const thread of living()) thread.send({ type: 'set-health', updates });
    },
    async ask(question) {
      const asked = living().map(async (thread) => ({
        thread: thread.index,
        answer: await inTime(thread.ask(question), ANSWER_TIMEOUT_MS),
      }));
      return (await Promise.all(asked)).flatMap(({ thread, answer }) => (answer ? [{ thread, answer }] : []));
    },
    send: (index, command) =>
      living()
        .find((thread) => thread.index === index)
        ?.send(command),
    async stop(graceMs) {
      stopping = true;
      for (const seat of seats) clearTimeout(seat.restart);
      await Promise.all(living().map((thread) => thread.end('stop', graceMs)));
    },
    workers: () => serving().filter((thread) => view.runs(thread.index)).length,
  };
}

/** Undefined when it takes longer. */
function inTime<T>(promise: Promise<T>, limitMs: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, limitMs, undefined);
    promise.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

function crewField(crew: Crew | undefined): { crew?: Crew } {
  return crew === undefined ? {} : { crew };
}

/** A restarted engine must begin with the health of now, not of when the plan was made. */
function withHealth(plan: Plan, updates: readonly { slot: number; usable: boolean }[]): Plan {
  const usable = new Map(updates.map((update) => [update.slot, update.usable]));
  return {
    ...plan,
    pools: plan.pools.map((pool) => ({
      ...pool,
      backends: pool.backends.map((backend) => ({
        ...backend,
        usable: usable.get(backend.slot) ?? backend.usable,
      })),
    })),
  };
}
