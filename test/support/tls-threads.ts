// Engine threads that share an https listener, and clients that meet each of them: what specs of TLS
// sessions over several threads go by. Built on linked-threads.ts and tls-scene.ts.
import { expect } from 'vitest';
import type { ListenerTlsPlan, Plan } from '../../src/main/engine/plan.ts';
import { planOf } from './engine-plan.ts';
import { LinkedThreads } from './linked-threads.ts';
import { RawServer } from './raw-server.ts';
import { apiConfig } from './test-config.ts';
import type { TlsClient } from './tls-client.ts';
import { get, type TlsScene } from './tls-scene.ts';

const THREADS = 2;
/** The kernel chooses the thread of a connection. */
const MAX_CONNECTIONS = 500;
export const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

export interface Met {
  thread: number;
  resumed: boolean;
  shown: string;
  /** What a full handshake brings; undefined after a resumption. */
  session: Buffer | undefined;
  client: TlsClient;
}

export interface Asked {
  version: (typeof TLS_VERSIONS)[number];
  name?: string;
  session?: Buffer | undefined;
}

export class TlsThreads {
  readonly linked: LinkedThreads;
  readonly #scene: TlsScene;

  private constructor(scene: TlsScene, linked: LinkedThreads) {
    this.#scene = scene;
    this.linked = linked;
  }

  /** Ends with the scene. */
  static async serving(scene: TlsScene): Promise<TlsThreads> {
    const backend = scene.use(await RawServer.named('a'));
    const plan = planOf(apiConfig([{ name: 'a', address: `127.0.0.1:${backend.port}` }]));
    const linked = scene.use(await LinkedThreads.serving(withTls(plan, scene.tls())));
    return new TlsThreads(scene, linked);
  }

  /** A new plan; without `ticketSecret` with tickets under the same keys. */
  async deploy(ticketSecret?: string): Promise<void> {
    const { port, plan } = this.linked;
    const tls = ticketSecret === undefined ? plan.listeners[0]!.tls! : this.#scene.tls({ ticketSecret });
    await this.linked.apply(withTls({ ...plan, revision: plan.revision + 1 }, tls));
    expect(this.linked.port).toBe(port);
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

  /** A connection to that thread. One that was given up may still be met, and resets it as it goes. */
  async meetOne(thread: number, asked: Asked): Promise<Met> {
    for (;;) {
      const one = await this.#meet(asked).catch(ifReset);
      if (one?.thread === thread) return one;
      await one?.client[Symbol.asyncDispose]();
    }
  }

  async #meet({ version, name = 'b.a.test', session }: Asked): Promise<Met> {
    const before = this.linked.counts('connectionsOpened');
    const only = { minVersion: version, maxVersion: version };
    const client = await this.#scene.connect(this.linked.port, name, { ...only, session });
    const resumed = client.tls.isSessionReused();
    const begun = resumed ? undefined : client.session();
    client.send(get(name));
    expect((await client.message()).body).toBe('a');
    const after = this.linked.counts('connectionsOpened');
    const thread = after.findIndex((count, i) => count > (before[i] ?? 0));
    return { thread, resumed, shown: client.shown, session: await begun, client };
  }
}

export function resumedBy(met: readonly Met[]): boolean[] {
  return met.map(({ resumed }) => resumed);
}

function ifReset(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ECONNRESET') throw error;
}

function withTls(plan: Plan, tls: ListenerTlsPlan): Plan {
  return { ...plan, listeners: plan.listeners.map((listener) => ({ ...listener, tls })) };
}
