// Y5: how an HTTP/2 connection ends when Sluice wants it to: announced, with everything the client
// began answered, and within bounds when the client does not care.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { http2Listener, servingHttp2 } from '../../support/h2-engine.ts';
import { frame, get, H2RawClient, headers, settings, TYPE, uint32 } from '../../support/h2-frames.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const MAX_STREAM = 0x7fff_ffff;
const ACK = 1;
/** SETTINGS_INITIAL_WINDOW_SIZE of 0: no stream may send data. */
const NO_WINDOW = [4, 0] as const;
const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
});

async function serving() {
  const backend = await RawServer.listen();
  open.push(backend);
  const engine = await servingHttp2({ a: backend.port });
  open.push(engine);
  const client = await H2RawClient.connect(engine.port());
  open.push(client);
  client.send(headers(1, get()));
  const upstream = await backend.connection();
  await upstream.message();
  const retire = () =>
    engine.apply({ pools: { api: { backends: { a: backend.port } } }, listeners: { other: {} } });
  return { backend, engine, client, upstream, retire };
}

/** `[last stream, code]` of every GOAWAY so far. */
function goaways(client: H2RawClient): number[][] {
  return client.of(TYPE.goaway, 0).map(({ payload }) => [payload.readUInt32BE(), payload.readUInt32BE(4)]);
}

/** Answers the PINGs of the engine so far. */
function pong(client: H2RawClient): void {
  for (const { payload } of client.of(TYPE.ping, 0)) client.send(frame(TYPE.ping, 1, 0, payload));
}

describe('a connection that is to end', () => {
  it('Y5 is announced; what was on its way is served, then the last request is named', async () => {
    const { backend, client, upstream, retire } = await serving();
    await retire();
    await client.frame(TYPE.goaway, 0);
    expect(goaways(client)).toEqual([[MAX_STREAM, 0]]);
    client.send(headers(3, get({ ':path': '/on-its-way' })));
    const second = await backend.connection(1);
    expect((await second.message()).target).toBe('/on-its-way');
    await client.frame(TYPE.ping, 0);
    pong(client);
    await client.until(() => goaways(client).length > 1);
    expect(goaways(client)[1]).toEqual([3, 0]);
    client.send(headers(5, get({ ':path': '/too-late' })));
    upstream.send(ok('first'));
    second.send(ok('second'));
    await client.until(() => client.isComplete(1) && client.isComplete(3));
    expect([client.data(1), client.data(3)]).toEqual(['first', 'second']);
    await client.untilOver();
    expect(backend.connections.length).toBe(2);
  });

  it('Y5 names the last request in time though the client answers no PING', async () => {
    const { client, upstream, engine, retire } = await serving();
    await retire();
    await client.until(() => goaways(client).length > 1);
    expect(goaways(client)[1]).toEqual([1, 0]);
    upstream.send(ok('done'));
    await client.untilOver();
    expect(client.data(1)).toBe('done');
    await vi.waitFor(() => expect(engine.count('web', 'connections')).toBe(0));
  });

  it('Y5 ends at once when nothing is under way', async () => {
    const { client, upstream, retire } = await serving();
    upstream.send(ok('done'));
    await client.until(() => client.isComplete(1));
    await retire();
    await client.untilOver();
    expect(goaways(client)[0]).toEqual([1, 0]);
  });

  it.each([
    { name: 'NO_ERROR', code: 0 },
    { name: 'CANCEL', code: 8 },
  ])('waits for no answer that its client refused to take with $name', async ({ code }) => {
    const { client, engine, upstream, retire } = await serving();
    client.send(settings(NO_WINDOW));
    await client.until(() => client.of(TYPE.settings, 0).some(({ flags }) => flags === ACK));
    upstream.send(ok('never taken'));
    await client.status(1);
    await vi.waitFor(() => expect(engine.count('web', 'inFlight')).toBe(0));
    client.send(frame(TYPE.reset, 0, 1, uint32(code)));
    await retire();
    await client.untilOver();
    expect(client.data(1)).toBe('');
  });

  it('ends although its client never closes', async () => {
    const { client, engine, upstream, retire } = await serving();
    upstream.send(ok('done'));
    await client.until(() => client.isComplete(1));
    client.socket.allowHalfOpen = true;
    await retire();
    await vi.waitFor(() => expect(engine.count('web', 'connections')).toBe(0), 3000);
  });

  it('D4 when Sluice stops, answers what is under way first', async () => {
    const { client, upstream, engine } = await serving();
    const stopped = engine.stop(4000);
    await client.frame(TYPE.goaway, 0);
    upstream.send(ok('last'));
    await client.until(() => client.isComplete(1));
    await stopped;
    await client.untilOver();
    expect(client.data(1)).toBe('last');
  });

  it('D4 at the deadline is cut, nothing looks complete', async () => {
    const { client, upstream, engine } = await serving();
    upstream.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
    await client.until(() => client.data(1) === 'abc');
    await engine.stop(100);
    await client.untilOver();
    await upstream.untilOver();
    expect(client.isComplete(1)).toBe(false);
    expect([engine.count('web', 'inFlight'), engine.count('web', 'connections')]).toEqual([0, 0]);
    expect(engine.records.map(({ failure }) => failure)).toEqual(['stopped']);
  });

  it('keeps to the new plan when that changes the listener', async () => {
    const { client, engine, backend, upstream } = await serving();
    upstream.send(ok('old'));
    await client.until(() => client.isComplete(1));
    await engine.apply({
      pools: { api: { backends: { a: backend.port } } },
      listeners: { web: await http2Listener({ routes: [], port: engine.port() }) },
    });
    client.send(headers(3, get()));
    expect(await client.status(3)).toBe(404);
  });
});
