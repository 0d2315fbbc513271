// What a pool has under way while it gets another name, and with it another counter row: the old row
// must be left empty, or it is never used again.
import { describe, expect, it } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';

describe('a pool that is renamed while it has a request under way', () => {
  it('takes its gauges along to its new row, and gives them back there', async () => {
    await using backend = await RawServer.listen();
    const backends = { a: { port: backend.port, slot: 40 } };
    await using engine = new EngineHarness();
    await engine.apply({ pools: { api: { backends } } });
    await using client = await engine.client();
    client.send(GET);
    const connection = await backend.connection();
    await connection.message();
    expect(engine.count('pool api', 'underWay')).toBe(1);

    await engine.apply({ pools: { shop: { backends } } });
    expect([engine.count('pool api', 'underWay'), engine.count('pool shop', 'underWay')]).toEqual([0, 1]);
    connection.send(ok('a'));
    expect((await client.message()).body).toBe('a');
    expect([engine.count('pool api', 'underWay'), engine.count('pool shop', 'underWay')]).toEqual([0, 0]);
  });

  it('takes its retries along too', async () => {
    await using broken = await RawServer.listen((_, connection) => void connection.end());
    await using silent = await RawServer.listen();
    const backends = { a: { port: broken.port, slot: 40 }, b: { port: silent.port, slot: 41 } };
    await using engine = new EngineHarness();
    await engine.apply({ pools: { api: { backends } } });
    await using client = await engine.client();
    client.send(GET);
    const connection = await silent.connection();
    await connection.message();
    expect(engine.count('pool api', 'retrying')).toBe(1);

    await engine.apply({ pools: { shop: { backends } } });
    expect([engine.count('pool api', 'retrying'), engine.count('pool shop', 'retrying')]).toEqual([0, 1]);
    connection.send(ok('b'));
    expect((await client.message()).body).toBe('b');
    expect([engine.count('pool api', 'retrying'), engine.count('pool shop', 'retrying')]).toEqual([0, 0]);
  });
});
