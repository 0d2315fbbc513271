// TLS sessions over several real engine threads: the keys of their tickets come with the plan, so any
// thread goes on with what another one began, and all of them change keys together.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEngineLink, type EngineLink } from '../../../src/main/app/engine-link.ts';
import { createCounterPages } from '../../../src/main/app/pages.ts';
import type { ListenerTlsPlan, Plan } from '../../../src/main/engine/plan.ts';
import { COUNTER, rowAt } from '../../../src/main/engine/telemetry/layout.ts';
import { planOf } from '../../support/engine-plan.ts';
import { killEngine, MORTAL_ENGINE } from '../../support/mortal-engine.ts';
import { RawServer } from '../../support/raw-server.ts';
import { apiConfig } from '../../support/test-config.ts';
import type { TlsClient } from '../../support/tls-client.ts';
import { get, TlsScene } from '../../support/tls-scene.ts';

const THREADS = 2;
/** The kernel chooses the thread of a connection. */
const MAX_CONNECTIONS = 500;
const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

interface Met {
  thread: number;
  resumed: boolean;
  shown: string;
  /** What a full handshake brings; undefined after a resumption. */
  session: Buffer | undefined;
  client: TlsClient;
}

interface Asked {
  version: (typeof VERSIONS)[number];
  name?: string;
  session?: Buffer | undefined;
}

let scene: TlsScene;
let threads: Threads;

beforeAll(async () => {
  scene = await TlsScene.create();
});

afterEach(async () => {
  await scene.cleanUp();
  await threads.link.stop(0);
});

class Threads {
  readonly #pages = createCounterPages();
  readonly #waiting = new Set<() => void>();
  readonly link: EngineLink = createEngineLink({
    entry: MORTAL_ENGINE,
    pages: this.#pages,
    shares: true,
    onReport: () => undefined,
    onChange: () => {
      for (const look of [...this.#waiting]) look();
    },
    onDied: () => undefined,
  });
  #plan: Plan | undefined;
  port = 0;

  static async serving(): Promise<Threads> {
    threads = new Threads();
    const backend = scene.use(await RawServer.named('a'));
    const plan = planOf(apiConfig([{ name: 'a', address: `127.0.0.1:${backend.port}` }]));
    await threads.apply(plan, {});
    return threads;
  }

  async apply(plan: Plan, rules: Partial<ListenerTlsPlan>): Promise<void> {
    const listeners = plan.listeners.map((listener) => ({ ...listener, tls: scene.tls(rules) }));
    this.#plan = { ...plan, listeners };
    const [web] = (await this.link.apply(this.#plan, { workers: THREADS, pageCount: 1 })) ?? [];
    expect(web?.state).toBe('listening');
    this.port = web?.port ?? 0;
  }

  /** As it is, but with tickets under other keys. */
  async rotate(ticketSecret: string): Promise<void> {
    const { port } = this;
    const plan = this.#plan!;
    await this.apply({ ...plan, revision: plan.revision + 1 }, { ticketSecret });
    expect(this.port).toBe(port);
  }

  async replace(thread: number): Promise<void> {
    const gone = this.#untilWorkers(THREADS - 1);
    killEngine(thread);
    await gone;
    await this.#untilWorkers(THREADS);
  }

  /** One connection to each thread that serves now. */
  async meetAll(asked: Asked): Promise<Met[]> {
    const met = new Map<number, Met>();
    for (let i = 0; i < MAX_CONNECTIONS && met.size < THREADS; i++) {
      const one = await this.#meet(asked);
      if (met.has(one.thread)) await one.client[Symbol.asyncDispose]();
      else met.set(one.thread, one);
    }
    expect(met.size).toBe(THREADS);
    return [...met.values()];
  }

  async #meet({ version, name = 'b.a.test', session }: Asked): Promise<Met> {
    const before = this.#opened();
    const only = { minVersion: version, maxVersion: version };
    const client = await scene.connect(this.port, name, { ...only, session });
    const resumed = client.tls.isSessionReused();
    const begun = resumed ? undefined : client.session();
    client.send(get(name));
    expect((await client.message()).body).toBe('a');
    const thread = this.#opened().findIndex((count, i) => count > (before[i] ?? 0));
    return { thread, resumed, shown: client.shown, session: await begun, client };
  }

  /** Connections that each thread has had. */
  #opened(): number[] {
    const { slot } = this.#plan!.listeners[0]!;
    return this.#pages.all().map((pages) => rowAt(pages, slot).counters[COUNTER.connectionsOpened] ?? 0);
  }

  #untilWorkers(wanted: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.link.workers() !== wanted) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}

const resumedBy = (met: readonly Met[]): boolean[] => met.map(({ resumed }) => resumed);

describe.runIf(process.platform === 'linux').each(VERSIONS)('a session over %s', (version) => {
  it('is resumed by the thread that began it and by every other, with its certificate only', async () => {
    await Threads.serving();
    for (const { resumed, session } of await threads.meetAll({ version })) {
      expect(resumed).toBe(false);
      expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([true, true]);
      for (const elsewhere of await threads.meetAll({ version, session, name: 'c.a.test' })) {
        expect([elsewhere.resumed, elsewhere.shown]).toEqual([false, 'wildcard.cn']);
      }
    }
  });

  it('is resumed by threads that took the place of those that began it', async () => {
    await Threads.serving();
    const begun = await threads.meetAll({ version });
    for (const { thread } of begun) await threads.replace(thread);
    for (const { session } of begun) {
      expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([true, true]);
    }
  });

  it('begins anew in every thread once the keys are others, and who is connected stays so', async () => {
    await Threads.serving();
    const begun = await threads.meetAll({ version });
    await threads.rotate('the next');
    for (const { session, client } of begun) {
      expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([false, false]);
      client.send(get('b.a.test'));
      expect((await client.message()).body).toBe('a');
    }
    for (const { session } of await threads.meetAll({ version })) {
      expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([true, true]);
    }
  });
});
