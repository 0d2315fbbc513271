// Real engine threads behind the link by which the core runs them, without the core: a test sees which
// thread a connection came to, and ends or hangs the one it names. Linux only: elsewhere there is one.
import { createEngineLink, type EngineLink } from '../../src/main/app/engine-link.ts';
import { createCounterPages } from '../../src/main/app/pages.ts';
import type { ListenerReport } from '../../src/main/engine/messages.ts';
import type { Plan } from '../../src/main/engine/plan.ts';
import { COUNTER, rowAt } from '../../src/main/engine/telemetry/layout.ts';
import { MORTAL_ENGINE, orderEngine } from './mortal-engine.ts';
import { RawClient } from './raw-client.ts';

const THREADS = 2;
/** A loop that stands still for so long has stopped; shorter than the product's 5 s, longer than a busy machine takes. */
const SILENT_AFTER_MS = 2000;

export interface LinkedThreadsOptions {
  /** Whether a stopped loop is waited for as long as in the product. */
  patient?: boolean;
}

type Counter = keyof typeof COUNTER;

export class LinkedThreads implements AsyncDisposable {
  readonly link: EngineLink;
  port = 0;
  plan!: Plan;
  /** Why threads were given up, in words. */
  readonly deaths: string[] = [];
  readonly #pages = createCounterPages();
  readonly #waiting = new Set<() => void>();
  #running: { revision: number; listeners: ListenerReport[] } = { revision: 0, listeners: [] };

  private constructor({ patient = false }: LinkedThreadsOptions) {
    this.link = createEngineLink({
      entry: MORTAL_ENGINE,
      pages: this.#pages,
      shares: true,
      ...(patient ? {} : { silentAfterMs: SILENT_AFTER_MS }),
      onReport: () => undefined,
      onChange: (revision, listeners) => {
        this.#running = { revision, listeners };
        for (const look of [...this.#waiting]) look();
      },
      onDied: (name, reason) => void this.deaths.push(`${name}: ${reason}`),
    });
  }

  static async serving(plan: Plan, options: LinkedThreadsOptions = {}): Promise<LinkedThreads> {
    const threads = new LinkedThreads(options);
    await threads.apply(plan);
    return threads;
  }

  /** Settles once every thread that lives runs the plan; its first listener accepts. */
  async apply(plan: Plan, workers = THREADS): Promise<void> {
    this.plan = plan;
    // On a busy machine threads may start later than the core waits for their answers.
    const answered = await this.link.apply(plan, { workers, pageCount: 1 });
    if (answered === undefined) await this.#until(() => this.#running.revision === plan.revision);
    const [first] = plan.listeners;
    const found = (answered ?? this.#running.listeners).find(({ name }) => name === first?.name);
    if (found?.state !== 'listening') throw new Error(`not listening: ${JSON.stringify(found)}`);
    this.port = found.port;
  }

  /** From an order to die or to hang until that thread is given up. */
  async lose(thread: number, deed: 'die' | 'hang'): Promise<void> {
    const gone = this.untilWorkers(THREADS - 1);
    orderEngine(deed, thread);
    await gone;
  }

  /** The same, and until another one serves in its place. */
  async replace(thread: number, deed: 'die' | 'hang'): Promise<void> {
    await this.lose(thread, deed);
    await this.untilWorkers(THREADS);
  }

  untilWorkers(wanted: number): Promise<void> {
    return this.#until(() => this.link.workers() === wanted);
  }

  /** Looked at whenever what runs has changed. */
  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** A counter of the listener's row, by thread. */
  counts(counter: Counter): number[] {
    const { slot } = this.plan.listeners[0]!;
    return this.#pages.all().map((pages) => rowAt(pages, slot).counters[COUNTER[counter]] ?? 0);
  }

  /** The same over all threads. */
  count(counter: Counter): number {
    return this.counts(counter).reduce((sum, count) => sum + count, 0);
  }

  /** A counter of a backend of the plan's only pool, over all threads. */
  backendCount(backend: string, counter: Counter): number {
    const slot = this.plan.pools[0]?.backends.find(({ name }) => name === backend)?.slot ?? -1;
    return this.#pages.counters(slot)[COUNTER[counter]] ?? 0;
  }

  /** A counter of the plan's only pool, over all threads. */
  poolCount(counter: Counter): number {
    return this.#pages.counters(this.plan.pools[0]?.slot ?? -1)[COUNTER[counter]] ?? 0;
  }

  untilCount(counter: Counter, wanted: number): Promise<void> {
    return untilTrue(() => this.count(counter) === wanted);
  }

  untilPoolCount(counter: Counter, wanted: number): Promise<void> {
    return untilTrue(() => this.poolCount(counter) === wanted);
  }

  untilBackendCount(backend: string, counter: Counter, wanted: number): Promise<void> {
    return untilTrue(() => this.backendCount(backend, counter) === wanted);
  }

  /** A connection to a thread that `isMeant`. The kernel chooses, so others are opened and closed on the way. */
  async client(isMeant: (thread: number) => boolean): Promise<RawClient> {
    for (;;) {
      const before = this.counts('connectionsOpened');
      const accepted = this.count('accepted');
      const client = await RawClient.connect(this.port);
      const thread = await this.#takerSince(before, client);
      if (thread !== undefined && isMeant(thread)) return client;
      await client[Symbol.asyncDispose]();
      // Fewer when the share of a thread that is gone has been cleared meanwhile.
      await untilTrue(() => this.count('accepted') <= accepted);
    }
  }

  /** The thread that has taken a connection since then; undefined when one that is just ending reset it. */
  async #takerSince(before: readonly number[], client: RawClient): Promise<number | undefined> {
    for (;;) {
      const thread = this.counts('connectionsOpened').findIndex((count, i) => count > (before[i] ?? 0));
      if (thread !== -1) return thread;
      if (client.errorCode === 'ECONNRESET') return undefined;
      if (client.ended || client.closed) throw new Error('the connection was turned away');
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.link.stop(0);
  }
}

/** For what other threads write and nobody announces. */
async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
