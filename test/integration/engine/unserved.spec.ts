// Requests that Sluice answers itself because no backend of their pool could be tried: each counts once,
// as a request and an error of the pool, and at no backend; what was not the pool's lack counts nowhere.
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness, type PoolWords } from '../../support/engine-harness.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';

async function statusOf(engine: EngineHarness, request = GET): Promise<number> {
  await using client = await engine.client();
  return (await client.send(request).message()).status;
}

/** Requests, 5xx answers and errors of the pool itself. */
function unserved(engine: EngineHarness): number[] {
  return (['requests', 'status5xx', 'errors'] as const).map((counter) => engine.count('pool api', counter));
}

describe('a request no backend was tried for', () => {
  it.each<[string, PoolWords]>([
    ['every backend is down', { backends: { a: { port: 9, usable: false } } }],
    ['every backend is drained', { backends: { a: { port: 9, admin: 'draining' } } }],
    ['every backend has weight 0', { backends: { a: { port: 9, weight: 0 } } }],
    ['there is no backend', { backends: {} }],
    ['the pool cannot connect at all', { backends: { a: 9 }, fault: 'its authority cannot be read' }],
  ])('counts in the pool when %s', async (_why, pool) => {
    await using engine = await EngineHarness.serving(pool.backends, pool);
    expect([await statusOf(engine), await statusOf(engine)]).toEqual([503, 503]);
    expect(unserved(engine)).toEqual([2, 0, 2]);
    expect(engine.count('web', 'status5xx')).toBe(2);
    if (pool.backends.a !== undefined) expect(engine.count('api/a', 'requests')).toBe(0);
  });

  it('counts in the pool when the queue is full, and when the wait in it is over', async () => {
    await using backend = await RawServer.listen(() => undefined);
    await using engine = await EngineHarness.serving(
      { a: backend.port },
      { maxInFlight: 1, queue: { max: 1, timeoutMs: 300 } },
    );
    await using held = await engine.client();
    held.send(GET);
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(1));
    await using waiting = await engine.client();
    waiting.send(GET);
    await vi.waitFor(() => expect(engine.count('web', 'queued')).toBe(1));
    expect(await statusOf(engine)).toBe(503);
    expect(unserved(engine)).toEqual([1, 0, 1]);
    expect((await waiting.message()).status).toBe(503);
    expect(unserved(engine)).toEqual([2, 0, 2]);
    expect([engine.count('api/a', 'requests'), engine.count('api/a', 'errors')]).toEqual([1, 0]);
  });

  it('that its client gives up, or that no route matches, counts in no pool', async () => {
    await using backend = await RawServer.listen(() => undefined);
    await using engine = await EngineHarness.serving(
      { a: backend.port },
      { maxInFlight: 1 },
      { routes: [{ host: 'a.test', pool: 'api' }] },
    );
    await using held = await engine.client();
    held.send(GET);
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(1));
    await using waiting = await engine.client();
    waiting.send(GET);
    await vi.waitFor(() => expect(engine.count('web', 'queued')).toBe(1));
    waiting.reset();
    await vi.waitFor(() => expect(engine.count('web', 'clientAborts')).toBe(1));
    expect(await statusOf(engine, 'GET / HTTP/1.1\r\nHost: b.test\r\n\r\n')).toBe(404);
    expect(unserved(engine)).toEqual([0, 0, 0]);
  });

  it('is not one that a backend failed, nor one that it served', async () => {
    const gone = await RawServer.listen(() => '');
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    await using backend = await RawServer.listen(() => ok('served'));
    await using engine = await EngineHarness.serving({ a: backend.port });
    expect(await statusOf(engine)).toBe(200);
    await engine.apply({ pools: { api: { backends: { a: port } } } });
    expect(await statusOf(engine)).toBe(502);
    expect(unserved(engine)).toEqual([0, 0, 0]);
    expect([engine.count('api/a', 'requests'), engine.count('api/a', 'errors')]).toEqual([2, 1]);
  });
});
