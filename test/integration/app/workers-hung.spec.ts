// A thread whose loop stands still until it is given up: nobody is refused meanwhile, who is with the
// other notices nothing, and what the hung one had and did comes to its successor.
import { describe, expect, it } from 'vitest';
import { createSlotTable } from '../../../src/main/engine/slots.ts';
import { startTestCore } from '../../support/core-harness.ts';
import { planOf } from '../../support/engine-plan.ts';
import { LinkedThreads } from '../../support/linked-threads.ts';
import { MORTAL_ENGINE, orderEngine } from '../../support/mortal-engine.ts';
import { RawClient } from '../../support/raw-client.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import { apiConfig } from '../../support/test-config.ts';
import { get } from '../../support/tls-scene.ts';

const [LEAD, OTHER] = [0, 1];
const GET = get('a.test');
/** The backend answers these only after a moment; they set the pace of a loop. */
const SLOW = get('a.test', '/slow');
const SLOW_MS = 20;

/** Answers every request with "done". */
function startBackend(): Promise<RawServer> {
  return RawServer.listen(({ target }, connection) => {
    if (target !== '/slow') return ok('done');
    setTimeout(() => connection.send(ok('done')), SLOW_MS);
    return undefined;
  });
}

const configOf = (backend: RawServer, listener = {}) =>
  apiConfig([{ name: 'a', address: `127.0.0.1:${backend.port}` }], {}, listener);

async function isServed(client: RawClient): Promise<boolean> {
  return isAnswered(client.send(GET));
}

async function isAnswered(client: RawClient): Promise<boolean> {
  await client.until(() => client.closed || client.ended || client.text.endsWith('done'));
  return client.text.endsWith('done');
}

async function isServedOnce(port: number): Promise<boolean> {
  await using client = await RawClient.connect(port);
  return await isServed(client);
}

describe.runIf(process.platform === 'linux')('an engine thread that hangs for 5 s', () => {
  it('HA1 is replaced while every connection is accepted', async () => {
    await using backend = await startBackend();
    await using threads = await LinkedThreads.serving(planOf(configOf(backend)), { patient: true });
    await using kept = await threads.client((thread) => thread === LEAD);
    const opened: RawClient[] = [];
    try {
      const gone = threads.untilWorkers(1);
      orderEngine('hang', OTHER);
      let isGone = false;
      void gone.then(() => {
        isGone = true;
      });
      // `connect` throws when it is refused.
      while (!isGone || threads.link.workers() < 2) {
        opened.push((await RawClient.connect(threads.port)).send(GET));
        expect((await kept.send(SLOW).message()).body).toBe('done');
      }
      expect(threads.deaths).toEqual(['engine thread 2 of 2: it has not moved for 5 s']);
      // What the hung one had, or what waited at its socket, ended with it; everybody else was answered.
      const answered = await Promise.all(opened.map(isAnswered));
      expect(answered.filter(Boolean).length).toBeGreaterThan(opened.length / 4);
      for (let i = 0; i < 10; i++) {
        expect(await isServedOnce(threads.port)).toBe(true);
      }
    } finally {
      for (const client of opened) client.destroy();
    }
  });

  it('leaves the listeners of a plan that comes meanwhile to the other, and then serves them as well', async () => {
    await using backend = await startBackend();
    const config = configOf(backend);
    const slots = createSlotTable();
    await using threads = await LinkedThreads.serving(planOf(config, 1, slots));
    const [web] = config.listeners;
    const more = { ...config, listeners: [{ ...web!, name: 'more' }, web!] };
    // The first one binds what is new, so this is the worst one to lose.
    const gone = threads.untilWorkers(1);
    orderEngine('hang', LEAD);
    await threads.apply(planOf(more, 2, slots));
    await gone;
    await threads.untilWorkers(2);
    // The successor may have another number.
    for (const isMeant of [(thread: number) => thread === OTHER, (thread: number) => thread !== OTHER]) {
      await using client = await threads.client(isMeant);
      expect(await isServed(client)).toBe(true);
    }
    for (let i = 0; i < 10; i++) expect(await isServedOnce(threads.port)).toBe(true);
  });

  it('gives a client back what it may have, and the status what is under way', async () => {
    await using backend = await RawServer.listen(({ target }) =>
      target === '/held' ? undefined : ok('done'),
    );
    const config = configOf(backend, { limits: { connectionsPerClient: 4 } });
    await using core = await startTestCore({
      engineThread: MORTAL_ENGINE,
      expectErrors: true,
      config: { ...config, engine: { workers: 2 } },
    });
    const { view } = core;
    await view.until('both serve', () => view.system.engineWorkers === 2);
    const port = Number(new URL(await core.url()).port);
    await using clients = new AsyncDisposableStack();
    const connect = async (): Promise<RawClient> => clients.use(await RawClient.connect(port));
    const held = await Promise.all(Array.from({ length: 4 }, connect));
    for (const client of held) client.send(get('a.test', '/held'));
    await view.untilBackend('api', 'a', 'has them all', ({ inFlight }) => inFlight === 4);
    expect(await isServed(await connect())).toBe(false);
    // Whichever thread they are at, it is one of these.
    for (const thread of [0, 1]) {
      orderEngine('hang', thread);
      await view.until('it is given up', () => view.system.engineWorkers === 1);
      await view.until('both serve', () => view.system.engineWorkers === 2);
    }
    await view.untilBackend('api', 'a', 'has nothing under way', ({ inFlight }) => inFlight === 0);
    for (let i = 0; i < 4; i++) expect(await isServed(await connect())).toBe(true);
    expect(await isServed(await connect())).toBe(false);
    // Two threads, 5 s each.
  }, 40_000);
});
