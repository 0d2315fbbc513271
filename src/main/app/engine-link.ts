// What the engine threads run: gives each of them every plan, a thread that was started again the last one,
// and tells those that were there of who is new. The counter pages outlive the threads, so totals go on where
// they were. Invariant: plans are handed over in the order they were made; only the newest one is repeated.
// Made by core-parts.ts; used by configuration.ts for plans and by connections.ts for questions.
import type { Crew, EngineCommand, EngineReport, ListenerReport } from '../engine/messages.ts';
import type { Plan } from '../engine/plan.ts';
import { createListenerView } from './engine-listeners.ts';
import { createEngineSeats } from './engine-seats.ts';
import type { EngineAnswer, EngineNews, EngineQuestion, EngineThread } from './engine-thread.ts';
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

export function createEngineLink(options: EngineLinkOptions): EngineLink {
  const { pages } = options;
  const fence = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const view = createListenerView();
  /** A new lead binds what the one before it had not bound yet. */
  let promotion = Promise.resolve();
  /** `round` tells plans of one revision apart. */
  let last: { plan: Plan; round: number } | undefined;
  let stopping = false;

  const seats = createEngineSeats({
    entry: options.entry,
    pages,
    silentAfterMs: options.silentAfterMs ?? SILENT_AFTER_MS,
    onReport: hear,
    onLost: (thread) => view.forget(thread.index),
    onPromoted(lead) {
      promotion = join([lead]).then(joinWaiting);
    },
    onDied(name, reason) {
      options.onDied(name, reason);
      changed();
    },
    onRevived(thread, newPages) {
      if (!last) return;
      void apply([thread]);
      if (newPages) void join(seats.serving().filter((other) => other !== thread));
    },
  });

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
    if (seats.isLeaving(thread)) return { lead: false, held: [], peers, fence, clients };
    return { lead: thread === seats.lead(), held: view.held(), peers, fence, clients };
  }

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
      if (!seats.isLeaving(thread)) view.applied(thread.index, round, answer.revision, answer.listeners);
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
    await join(seats.serving().filter((thread) => thread !== seats.lead() && view.waits(thread.index)));
  }

  async function join(threads: readonly EngineThread[]): Promise<void> {
    const joining = threads.map(async (thread) => {
      const crew = crewOf(thread);
      const answer = crew && (await thread.ask({ type: 'join', crew }));
      if (answer?.type !== 'joined' || seats.isLeaving(thread)) return;
      view.heard(thread.index, answer.listeners);
      changed();
    });
    await Promise.all(joining);
  }

  function hear(thread: EngineThread, report: EngineNews): void {
    if (report.type !== 'listener') options.onReport(report);
    else if (!seats.isLeaving(thread)) {
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
      seats.resize(options.shares ? size.workers : 1);
      const applied = await inTime(apply(seats.living()), ANSWER_TIMEOUT_MS);
      return applied === true ? view.merged() : undefined;
    },
    setHealth(updates) {
      if (last) last.plan = withHealth(last.plan, updates);
      for (const thread of seats.living()) thread.send({ type: 'set-health', updates });
    },
    async ask(question) {
      const asked = seats.living().map(async (thread) => ({
        thread: thread.index,
        answer: await inTime(thread.ask(question), ANSWER_TIMEOUT_MS),
      }));
      return (await Promise.all(asked)).flatMap(({ thread, answer }) => (answer ? [{ thread, answer }] : []));
    },
    send: (index, command) =>
      seats
        .living()
        .find((thread) => thread.index === index)
        ?.send(command),
    stop(graceMs) {
      stopping = true;
      return seats.stop(graceMs);
    },
    workers: () => seats.serving().filter((thread) => view.runs(thread.index)).length,
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
