// Taking a backend, or everything, out of service:
// - a draining backend gets nothing new and what it has may finish, until the deadline
// - at the deadline each kind of connection ends so that its client knows
// - a stop ends idle clients at once, busy ones with their answer, the rest at its deadline
import { describe, expect, it, vi } from 'vitest';
import { systemEnv } from '../../../src/main/engine/env.ts';
import type { BackendPlan } from '../../../src/main/engine/plan.ts';
import { EngineHarness, type PoolWords } from '../../support/engine-harness.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import {
  ask,
  dispose,
  GET,
  GOING_AWAY,
  MASKED_HI,
  stream,
  TEXT_HI,
  upgrade,
} from '../../support/under-way.ts';

const NEAR_MS = 100;

function api(port: number, backend: Partial<BackendPlan>, drainMs = 0, others: Record<string, number> = {}) {
  return { pools: { api: { drainMs, backends: { a: { port, ...backend }, ...others } } } };
}

function drainingFor(agoMs = 0): Partial<BackendPlan> {
  return { admin: 'draining', drainingSince: Date.now() - agoMs };
}

/**
 * Resolves at `at` by a timer of the loop the engine runs on. Timers fire in the order of their times, so
 * a machine that is late is late for both, and what one sees of the other stays true.
 */
async function timeOnLoop(at: number): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, Math.max(1, at - Date.now())));
  while (Date.now() < at);
}

describe('a draining backend', () => {
  it('D1 gets nothing new, finishes what it has, then has nothing, and clients stay connected', async () => {
    await using a = await RawServer.listen();
    await using b = await RawServer.named('b');
    await using engine = await EngineHarness.serving({ a: a.port });
    const held = await ask(engine, a);
    await engine.apply(api(a.port, drainingFor(), 0, { b: b.port }));
    await using other = await engine.client();
    for (let i = 0; i < 5; i++) expect((await other.send(GET).message()).body).toBe('b');
    expect([a.connections.length, engine.count('api/a', 'inFlight')]).toEqual([1, 1]);
    held.upstream.send(ok('finished'));
    const answer = await held.client.message();
    expect([answer.body, answer.field('connection')]).toEqual(['finished', undefined]);
    await held.upstream.untilOver();
    expect(engine.count('api/a', 'inFlight')).toBe(0);
    expect((await held.client.send(GET).message()).body).toBe('b');
    await dispose(held);
  });

  it('D2 has everything closed within 100 ms of its deadline, each kind in its way', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const webSocket = await upgrade(engine, a);
    webSocket.upstream.send(TEXT_HI);
    webSocket.client.send(MASKED_HI);
    await webSocket.client.until(() => webSocket.client.received.equals(TEXT_HI));
    await webSocket.upstream.until(() => webSocket.upstream.received.equals(MASKED_HI));
    const events = await stream(engine, a);
    const waiting = await ask(engine, a);
    const since = Date.now();
    const closed = () => engine.count('api/a', 'closed');
    const before = timeOnLoop(since + 300 - NEAR_MS).then(closed);
    await engine.apply(api(a.port, { admin: 'draining', drainingSince: since }, 300));
    const after = timeOnLoop(since + 300 + NEAR_MS).then(closed);
    expect(await Promise.all([before, after])).toEqual([0, 3]);
    const answer = await waiting.client.message();
    await Promise.all([webSocket.client.untilOver(), events.client.untilOver()]);

    expect(webSocket.client.received.subarray(TEXT_HI.length)).toEqual(GOING_AWAY);
    await webSocket.upstream.until(() => webSocket.upstream.received.length === MASKED_HI.length + 8);
    const close = webSocket.upstream.received.subarray(MASKED_HI.length);
    const code = [6, 7].map((i) => close[i]! ^ close[i - 4]!);
    expect([close[0], close[1], ...code]).toEqual([0x88, 0x82, 0x03, 0xe9]);
    // Asked for again while it says goodbye, which makes it no further one.
    await engine.closeConnections('api', 'a', null);

    await events.client.untilClosed();
    expect([events.client.errorCode, events.client.text.endsWith('0\r\n\r\n')]).toEqual([
      'ECONNRESET',
      false,
    ]);

    expect([answer.status, answer.body.includes('out of service')]).toEqual([503, true]);
    webSocket.client.end();
    webSocket.upstream.end();
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(0));
    expect(engine.count('api/a', 'errors')).toBe(0);
    expect(engine.count('api/a', 'closed')).toBe(3);
    await vi.waitFor(() =>
      expect(engine.records.map(({ failure }) => failure)).toEqual(['closed', 'closed', 'closed']),
    );
    await dispose(webSocket, events, waiting);
  });

  it('keeps its deadline through later plans, and loses it when the drain is undone', async () => {
    await using a = await RawServer.listen();
    await using b = await RawServer.listen();
    await using engine = new EngineHarness();
    const since = Date.now();
    const plan = (admin: 'draining' | 'enabled', weight: number) => ({
      pools: {
        kept: {
          drainMs: 250,
          backends: { a: { port: a.port, weight, admin: 'draining' as const, drainingSince: since } },
        },
        undone: {
          drainMs: 150,
          backends: { b: { port: b.port, admin, drainingSince: admin === 'draining' ? since : 0 } },
        },
      },
      listeners: { web: { routes: [{ pool: 'undone', pathPrefix: '/b' }, { pool: 'kept' }] } },
    });
    const fresh = plan('enabled', 1);
    fresh.pools.kept.backends.a = {
      ...fresh.pools.kept.backends.a,
      admin: 'enabled' as 'draining',
      drainingSince: 0,
    };
    await engine.apply(fresh);
    const atA = await ask(engine, a);
    const atB = await ask(engine, b, GET.replace('/', '/b'));
    await engine.apply(plan('draining', 1));
    await engine.apply(plan('enabled', 2));
    expect((await atA.client.message()).status).toBe(503);
    atB.upstream.send(ok('b'));
    expect((await atB.client.message()).body).toBe('b');
    await dispose(atA, atB);
  });

  it('L2 that is removed finishes what it has, while the deadline it had passes', async () => {
    await using a = await RawServer.listen();
    await using b = await RawServer.listen();
    await using engine = new EngineHarness();
    const plan = (drain: Partial<BackendPlan>, backends: PoolWords['backends']) => ({
      pools: {
        removed: { drainMs: 100, backends },
        kept: { drainMs: 300, backends: { b: { port: b.port, ...drain } } },
      },
      listeners: { web: { routes: [{ pool: 'kept', pathPrefix: '/b' }, { pool: 'removed' }] } },
    });
    await engine.apply(plan({}, { a: a.port }));
    const atA = await ask(engine, a);
    const atB = await ask(engine, b, GET.replace('/', '/b'));
    const draining = drainingFor();
    await engine.apply(plan(draining, { a: { port: a.port, ...draining } }));
    await engine.apply(plan(draining, {}));
    expect((await atB.client.message()).status).toBe(503);
    atA.upstream.send(ok('a'));
    expect((await atA.client.message()).body).toBe('a');
    await dispose(atA, atB);
  });

  it('whose deadline has passed when the plan comes is cleared at once', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const held = await ask(engine, a);
    await engine.apply(api(a.port, drainingFor(60_000), 30_000));
    expect((await held.client.message()).status).toBe(503);
    await dispose(held);
  });

  it('without a deadline may take forever, while another one’s passes', async () => {
    await using a = await RawServer.listen();
    await using b = await RawServer.listen();
    await using engine = new EngineHarness();
    const plan = (drain: Partial<BackendPlan>) => ({
      pools: {
        forever: { drainMs: 0, backends: { a: { port: a.port, ...drain } } },
        limited: { drainMs: 100, backends: { b: { port: b.port, ...drain } } },
      },
      listeners: { web: { routes: [{ pool: 'limited', pathPrefix: '/b' }, { pool: 'forever' }] } },
    });
    await engine.apply(plan({}));
    const atA = await ask(engine, a);
    const atB = await ask(engine, b, GET.replace('/', '/b'));
    await engine.apply(plan(drainingFor()));
    expect((await atB.client.message()).status).toBe(503);
    atA.upstream.send(ok('a'));
    expect((await atA.client.message()).body).toBe('a');
    await dispose(atA, atB);
  });
});

describe('what is out of service without a deadline', () => {
  for (const [name, change] of [
    ['D3 a disabled backend', { admin: 'disabled' }],
    ['HC8 a backend that is down', { usable: false }],
  ] as const) {
    it(`${name} gets nothing new and finishes what it has`, async () => {
      await using a = await RawServer.listen();
      await using b = await RawServer.named('b');
      await using engine = await EngineHarness.serving({ a: a.port });
      const held = await ask(engine, a);
      const tunnel = await upgrade(engine, a);
      await engine.apply(api(a.port, change, 1, { b: b.port }));
      await using other = await engine.client();
      for (let i = 0; i < 3; i++) expect((await other.send(GET).message()).body).toBe('b');
      tunnel.client.send(MASKED_HI);
      await tunnel.upstream.until(() => tunnel.upstream.received.equals(MASKED_HI));
      held.upstream.send(ok('finished'));
      expect((await held.client.message()).body).toBe('finished');
      await dispose(held, tunnel);
    });
  }

  it('HC8 a health message alone closes nothing either', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const held = await ask(engine, a);
    engine.setHealth('api', 'a', false);
    await using other = await engine.client();
    expect((await other.send(GET).message()).status).toBe(503);
    held.upstream.send(ok('finished'));
    expect((await held.client.message()).body).toBe('finished');
    await dispose(held);
  });
});

describe('a stop', () => {
  it('D2 ends tunnels at its deadline with a Close frame, idle clients at once', async () => {
    let nowMs = 0;
    let looks = 0;
    const monotonicMs = (): number => {
      looks++;
      return nowMs;
    };
    await using a = await RawServer.listen();
    await using engine = new EngineHarness({ ...systemEnv, clock: { ...systemEnv.clock, monotonicMs } });
    await engine.apply({
      pools: { api: { backends: { a: a.port }, keepAlive: { maxIdle: 0 } } },
      listeners: { web: {} },
    });
    const idle = await ask(engine, a);
    idle.upstream.send(ok('idle'));
    await idle.client.message();
    const webSocket = await upgrade(engine, a);
    const stopped = engine.stop(300);
    // While no time passes for the engine.
    await idle.client.untilOver();
    nowMs = 299;
    const before = looks;
    await vi.waitFor(() => expect(looks).toBeGreaterThan(before + 10));
    webSocket.upstream.send(TEXT_HI);
    await webSocket.client.until(() => webSocket.client.received.length >= TEXT_HI.length);
    expect(webSocket.client.take()).toBe(TEXT_HI.toString('latin1'));
    nowMs = 300;
    await webSocket.client.untilOver();
    expect(webSocket.client.received).toEqual(GOING_AWAY);
    webSocket.client.end();
    webSocket.upstream.end();
    await stopped;
    expect([engine.count('api/a', 'tunnels'), engine.count('web', 'connections')]).toEqual([0, 0]);
    await dispose(idle, webSocket);
  });

  it('does not wait long for tunnels that stay', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const stubborn = await upgrade(engine, a);
    await engine.stop(0);
    await stubborn.client.untilOver();
    expect([engine.count('api/a', 'tunnels'), engine.count('api/a', 'inFlight')]).toEqual([0, 0]);
    await dispose(stubborn);
  });

  it('D4 under load answers every request it took, in full', async () => {
    await using a = await RawServer.listen(() => ok('x'.repeat(2000)));
    await using engine = await EngineHarness.serving({ a: a.port });
    const clients = await Promise.all(Array.from({ length: 16 }, () => engine.client()));
    let answered = 0;
    let announced = 0;
    const load = clients.map(async (client) => {
      for (;;) {
        client.send(GET);
        await client.until(() => client.received.length > 0 || client.ended || client.closed);
        if (client.received.length === 0) return;
        const { status, body, field } = await client.message();
        expect([status, body.length]).toEqual([200, 2000]);
        answered++;
        if (field('connection') === 'close') {
          announced++;
          await client.untilOver();
          expect([client.errorCode, client.received.length]).toEqual(['', 0]);
          client.end();
          return;
        }
      }
    });
    await vi.waitFor(() => expect(answered).toBeGreaterThan(200));
    const stopped = engine.stop(3000);
    await Promise.all(load);
    await stopped;
    expect(announced).toBeGreaterThan(0);
    expect(engine.count('web', 'status2xx')).toBe(answered);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });
});
