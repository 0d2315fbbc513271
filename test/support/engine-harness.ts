// An engine in this process with a plan built from a few words, and everything it reports. Rows are
// given out by name and kept, as the core does.
import { ListenerLimits, ListenerTimeouts } from '#shared/config/listener.ts';
import { PoolKeepAlive, PoolQueue, PoolRetries, PoolTimeouts } from '#shared/config/pool.ts';
import { createEngine, type Engine } from '../../src/main/engine/engine.ts';
import { type Env, systemEnv } from '../../src/main/engine/env.ts';
import type { EngineReport, ListenerReport } from '../../src/main/engine/messages.ts';
import type { BackendPlan, ListenerPlan, Plan, PoolPlan, RoutePlan } from '../../src/main/engine/plan.ts';
import { COUNTER, createPage, type Row, rowAt } from '../../src/main/engine/telemetry/layout.ts';
import type { RequestRecord } from '../../src/shared/history.ts';
import type { ConnectionStatus } from '../../src/shared/status.ts';
import { RawClient } from './raw-client.ts';

export interface PoolWords
  extends Partial<Omit<PoolPlan, 'name' | 'backends' | 'timeouts' | 'keepAlive' | 'queue' | 'retries'>> {
  /** Name → port, or more. */
  backends: Record<string, number | ({ port: number } & Partial<BackendPlan>)>;
  timeouts?: Partial<PoolPlan['timeouts']>;
  keepAlive?: Partial<PoolPlan['keepAlive']>;
  queue?: Partial<PoolPlan['queue']>;
  retries?: Partial<PoolPlan['retries']>;
}

export interface ListenerWords
  extends Partial<Omit<ListenerPlan, 'name' | 'slot' | 'routes' | 'timeouts' | 'limits'>> {
  routes?: (Partial<RoutePlan> & { pool: string })[];
  timeouts?: Partial<ListenerPlan['timeouts']>;
  limits?: Partial<ListenerPlan['limits']>;
}

export interface PlanWords {
  pools?: Record<string, PoolWords>;
  /** Default: one listener "web" that leads everything to the first pool. */
  listeners?: Record<string, ListenerWords>;
}

export class EngineHarness implements AsyncDisposable {
  readonly reports: EngineReport[] = [];
  readonly pages = [createPage()];
  readonly #engine: Engine;
  readonly #slots = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  #applied = 0;
  #faultsTaken = 0;

  constructor(env: Env = systemEnv) {
    this.#engine = createEngine({
      env,
      post: (report) => {
        this.reports.push(report);
        for (const check of [...this.#waiting]) check();
      },
    });
  }

  /** An engine with a pool "api" of these backends behind a listener "web". */
  static async serving(
    backends: PoolWords['backends'],
    pool: Partial<PoolWords> = {},
    listener: ListenerWords = {},
  ) {
    const harness = new EngineHarness();
    await harness.apply({ pools: { api: { backends, ...pool } }, listeners: { web: listener } });
    return harness;
  }

  async apply(words: PlanWords): Promise<ListenerReport[]> {
    const id = ++this.#applied;
    this.#engine.handle({ type: 'apply', id, plan: this.#plan(words), pages: this.pages });
    const applied = await this.until((report) => report.type === 'applied' && report.id === id);
    return applied.type === 'applied' ? applied.listeners : [];
  }

  setHealth(pool: string, backend: string, usable: boolean): void {
    this.#engine.handle({
      type: 'set-health',
      updates: [{ slot: this.#slot(`${pool}/${backend}`), usable }],
    });
  }

  async listConnections(pool: string, backend: string): Promise<ConnectionStatus[]> {
    const id = ++this.#applied;
    this.#engine.handle({ type: 'list-connections', id, slot: this.#slot(`${pool}/${backend}`) });
    const answer = await this.until((report) => report.type === 'connections' && report.id === id);
    return answer.type === 'connections' ? answer.connections : [];
  }

  /** Null: all of them. How many were closed. */
  async closeConnections(pool: string, backend: string, connection: number | null): Promise<number> {
    const id = ++this.#applied;
    const slot = this.#slot(`${pool}/${backend}`);
    this.#engine.handle({ type: 'close-connections', id, slot, connection });
    const answer = await this.until((report) => report.type === 'connections-closed' && report.id === id);
    return answer.type === 'connections-closed' ? answer.count : Number.NaN;
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#engine.handle({ type: 'stop', deadlineMs });
    await this.until((report) => report.type === 'stopped');
  }

  /** The first report, earlier or later, that matches. */
  until(matches: (report: EngineReport) => boolean): Promise<EngineReport> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const report = this.reports.find(matches);
        if (report === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(report);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(
          new Error(`no such report among ${JSON.stringify(this.reports.map((report) => report.type))}`),
        );
      }, 5000);
      this.#waiting.add(check);
      check();
    });
  }

  port(listener = 'web'): number {
    for (const report of this.reports.toReversed()) {
      const listeners =
        report.type === 'applied' ? report.listeners : report.type === 'listener' ? [report.listener] : [];
      const found = listeners.find(({ name, state }) => name === listener && state === 'listening');
      if (found !== undefined) return found.port;
    }
    throw new Error(`listener ${listener} is not bound`);
  }

  client(listener = 'web'): Promise<RawClient> {
    return RawClient.connect(this.port(listener));
  }

  row(name: string): Row {
    return rowAt(this.pages, this.#slot(name));
  }

  /** `counter` of a backend ("api/a"), a listener ("web") or a pool's unserved requests ("pool api"). */
  count(name: string, counter: keyof typeof COUNTER): number {
    return this.row(name).counters[COUNTER[counter]]!;
  }

  get records(): RequestRecord[] {
    return this.reports.flatMap((report) => (report.type === 'requests' ? report.records : []));
  }

  /** The bugs reported since the last call; any left at the end fails the test. */
  takeFaults(): string[] {
    const all = this.reports.flatMap((report) => (report.type === 'fault' ? [report.stack] : []));
    const fresh = all.slice(this.#faultsTaken);
    this.#faultsTaken = all.length;
    return fresh;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(0);
    const faults = this.takeFaults();
    if (faults.length > 0) throw new Error(`the engine reported faults:\n${faults.join('\n')}`);
  }

  #slot(name: string): number {
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = this.#slots.size;
      this.#slots.set(name, slot);
    }
    return slot;
  }

  #plan({ pools = {}, listeners = { web: {} } }: PlanWords): Plan {
    const firstPool = Object.keys(pools)[0] ?? '';
    return structuredClone({
      revision: this.#applied,
      listeners: Object.entries(listeners).map(([name, words]) => this.#listener(name, words, firstPool)),
      pools: Object.entries(pools).map(([name, words]) => this.#pool(name, words)),
    });
  }

  #listener(name: string, words: ListenerWords, firstPool: string): ListenerPlan {
    const { routes = [{ pool: firstPool }], timeouts, limits, ...rest } = words;
    return {
      name,
      slot: this.#slot(name),
      host: '127.0.0.1',
      port: 0,
      fault: '',
      tls: null,
      redirectPort: 0,
      trustedProxies: [],
      forwarded: false,
      via: '',
      ...rest,
      timeouts: ListenerTimeouts.parse({ ...timeouts }),
      limits: ListenerLimits.parse({ ...limits }),
      routes: routes.map((route, i) => ({ name: `r${i}`, host: undefined, pathPrefix: undefined, ...route })),
    };
  }

  #pool(name: string, words: PoolWords): PoolPlan {
    const { backends, timeouts, keepAlive, queue, retries, ...rest } = words;
    return {
      name,
      slot: this.#slot(`pool ${name}`),
      policy: 'round-robin',
      forwardWhenAllDown: false,
      protocol: 'http1',
      tls: null,
      fault: '',
      maxInFlight: 0,
      drainMs: 0,
      ...rest,
      queue: PoolQueue.parse({ ...queue }),
      retries: PoolRetries.parse({ ...retries }),
      timeouts: PoolTimeouts.parse({ ...timeouts }),
      keepAlive: PoolKeepAlive.parse({ ...keepAlive }),
      backends: Object.entries(backends).map(([backend, words]) => ({
        name: backend,
        slot: this.#slot(`${name}/${backend}`),
        host: '127.0.0.1',
        weight: 1,
        admin: 'enabled',
        drainingSince: 0,
        role: 'primary',
        usable: true,
        ...(typeof words === 'number' ? { port: words } : words),
      })),
    };
  }
}
