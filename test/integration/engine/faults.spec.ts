// A bug in what is done for one client: a clock that throws once stands in for it. Its connection ends
// so that nothing cut looks whole, the record says whose doing it was, and everyone else is served.
import { describe, expect, it } from 'vitest';
import { type Env, systemEnv } from '../../../src/main/engine/env.ts';
import { EngineHarness } from '../../support/engine-harness.ts';
import { H2Client, http2Listener } from '../../support/h2-engine.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

/** An environment whose clock, once armed, throws when it is asked by the module of this name. */
function faultyEnv(module: string): { env: Env; arm(): void } {
  let armed = false;
  const { clock } = systemEnv;
  const monotonicMs = (): number => {
    // The engine's timers ask it too, at any moment.
    if (!armed || new Error().stack?.includes(module) !== true) return clock.monotonicMs();
    armed = false;
    throw new Error('a bug');
  };
  return {
    env: { ...systemEnv, clock: { now: () => clock.now(), monotonicMs } },
    arm: () => {
      armed = true;
    },
  };
}

describe('a bug met while a client sends', () => {
  it('resets the connection and is no abort of the client', async () => {
    await using a = await RawServer.listen((request) => ok(request.target));
    const { env, arm } = faultyEnv('http1/request-body');
    await using engine = new EngineHarness(env);
    await engine.apply({
      pools: { api: { backends: { a: a.port } } },
      listeners: { web: { limits: { bodyMinBytesPerS: 1 } } },
    });
    await using other = await engine.client();
    await using client = await engine.client();
    // The answer ends with the connection: only a reset tells that it was cut.
    client.send('POST / HTTP/1.0\r\nContent-Length: 4\r\n\r\nab');
    const upstream = await a.connection();
    await upstream.untilText('\r\n\r\nab');
    upstream.send('HTTP/1.1 200 OK\r\n\r\nhalf of it');
    await client.untilText('half of it');
    arm();
    client.send('cd');
    await client.untilOver();
    expect(client.errorCode).toBe('ECONNRESET');
    expect(engine.takeFaults()).toEqual([expect.stringContaining('a bug')]);
    await engine.until((report) => report.type === 'requests');
    expect(engine.records.map(({ failure, status }) => [failure, status])).toEqual([['fault', 200]]);
    const counters = ['clientAborts', 'inFlight'] as const;
    expect(counters.map((counter) => engine.count('api/a', counter))).toEqual([0, 0]);
    expect((await other.send('GET /other HTTP/1.1\r\nHost: a.test\r\n\r\n').message()).body).toBe('/other');
  });

  it('over HTTP/2 ends every stream of the connection, none as an abort of the client', async () => {
    await using a = await RawServer.listen((request) => (request.target === '/held' ? undefined : ok('a')));
    const { env, arm } = faultyEnv('http2/connection');
    await using engine = new EngineHarness(env);
    const listeners = { web: await http2Listener() };
    await engine.apply({ pools: { api: { backends: { a: a.port } } }, listeners });
    await using client = await H2Client.connect(engine.port());
    const held = [client.request({ ':path': '/held' }), client.request({ ':path': '/held' })];
    for (const i of [0, 1]) await (await a.connection(i)).untilText('\r\n\r\n');
    arm();
    const failed = [...held, client.request({ ':path': '/late' })].map((answer) =>
      expect(answer).rejects.toThrow(),
    );
    await Promise.all(failed);
    expect(engine.takeFaults()).toEqual([expect.stringContaining('a bug')]);
    await engine.until(() => engine.records.length === 2);
    expect(engine.records.map(({ failure }) => failure)).toEqual(['fault', 'fault']);
    expect(engine.count('web', 'clientAborts')).toBe(0);
    await using other = await H2Client.connect(engine.port());
    expect((await other.request({ ':path': '/other' })).body).toBe('a');
  });
});
