// What is counted as retried: an attempt that another one followed at another backend. So errors and
// answers that were retried are no client's, and the others are.
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness, type PoolWords } from '../../support/engine-harness.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import type { RawStream } from '../../support/raw-stream.ts';
import { answering, ask, closedPort, GET, hangUp } from '../../support/retried-requests.ts';

/** Errors and retries of a backend. */
function counts(engine: EngineHarness, backend: string): number[] {
  return [engine.count(`api/${backend}`, 'errors'), engine.count(`api/${backend}`, 'retries')];
}

describe('the retries of a backend', () => {
  it('are as many as its errors while another one serves every request', async () => {
    await using cut = await RawServer.listen(hangUp);
    await using good = await RawServer.named('good');
    const backends = { refuses: await closedPort(), cut: cut.port, good: good.port };
    await using engine = await EngineHarness.serving(backends);
    for (let i = 0; i < 9; i++) expect((await ask(engine, GET)).status).toBe(200);
    const [errors, retries] = counts(engine, 'cut');
    expect([errors, counts(engine, 'good')]).toEqual([retries, [0, 0]]);
    expect(counts(engine, 'refuses')[0]).toBe(counts(engine, 'refuses')[1]);
    expect(errors).toBeGreaterThan(2);
    expect(engine.count('web', 'retries')).toBe(errors! + counts(engine, 'refuses')[0]!);
  });

  it('are fewer than the errors of all by what clients got', async () => {
    const port = await closedPort();
    await using engine = await EngineHarness.serving({ a: port, b: port });
    for (let i = 0; i < 4; i++) expect((await ask(engine, GET)).status).toBe(502);
    expect([...counts(engine, 'a'), ...counts(engine, 'b')]).toEqual([4, 2, 4, 2]);
  });

  it('hold answers with a status that the pool retries', async () => {
    await using busy = await RawServer.listen(answering(503));
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving(
      { busy: busy.port, good: good.port },
      { retries: { statuses: [503] } },
    );
    for (let i = 0; i < 4; i++) expect((await ask(engine, GET)).status).toBe(200);
    expect([...counts(engine, 'busy'), engine.count('api/busy', 'status5xx')]).toEqual([0, 2, 2]);
  });
});

describe('a request that waits for another backend after an error', () => {
  /** "a" has hung up on `waiting`; "b" is at its limit with what `release` ends. */
  async function waitingForB(pool: Partial<PoolWords> = {}) {
    const stack = new AsyncDisposableStack();
    const a = stack.use(await RawServer.listen(hangUp));
    const held = Promise.withResolvers<RawStream>();
    const b = stack.use(
      await RawServer.listen(({ target }, connection) => {
        if (target === '/') return ok('b');
        held.resolve(connection);
        return undefined;
      }),
    );
    const words = { maxInFlight: 1, ...pool };
    const engine = stack.use(await EngineHarness.serving({ b: b.port }, words));
    const holding = stack.use(await engine.client());
    holding.send(GET.replace('/ ', '/held '));
    const connection = await held.promise;
    await engine.apply({
      pools: { api: { ...words, backends: { b: b.port, a: a.port } } },
      listeners: { web: {} },
    });
    const waiting = stack.use(await engine.client());
    waiting.send(GET);
    await vi.waitFor(() => expect(engine.count('web', 'queued')).toBe(1));
    expect([counts(engine, 'a'), engine.count('web', 'retries')]).toEqual([[1, 0], 0]);
    return {
      engine,
      waiting,
      release: () => connection.send(ok('held')),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  }

  it('counts as retried when it is sent there', async () => {
    await using scene = await waitingForB();
    scene.release();
    expect((await scene.waiting.message()).body).toBe('b');
    expect([counts(scene.engine, 'a'), scene.engine.count('web', 'retries')]).toEqual([[1, 1], 1]);
  });

  it('does not when it waits in vain: its client gets the error', async () => {
    await using scene = await waitingForB({ queue: { timeoutMs: 200 } });
    expect((await scene.waiting.message()).status).toBe(503);
    expect([counts(scene.engine, 'a'), scene.engine.count('web', 'retries')]).toEqual([[1, 0], 0]);
  });

  it('counts nothing at a backend that was removed meanwhile: its row may be the row of another', async () => {
    await using scene = await waitingForB();
    const { engine, waiting } = scene;
    await using c = await RawServer.named('c');
    await engine.apply({ pools: { api: { backends: { c: c.port } } }, listeners: { web: {} } });
    expect((await waiting.message()).body).toBe('c');
    expect([counts(engine, 'a'), engine.count('web', 'retries')]).toEqual([[1, 0], 1]);
  });
});
