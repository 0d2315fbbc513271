// What a backend has under way, seen and ended by hand:
// - each is listed under a number of its own, which no later request has
// - each kind is ended so that its client knows, and nobody holds it up
import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { answerOf, H2Client, servingHttp2 } from '../../support/h2-engine.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import {
  ask,
  dispose,
  EVENT,
  GET,
  GOING_AWAY,
  MASKED_HI,
  stream,
  TEXT_HI,
  upgrade,
} from '../../support/under-way.ts';

describe('the list of what is under way', () => {
  it('names each with its kind, client, age and bytes, oldest first', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port, b: a.port });
    const opened = [await upgrade(engine, a)];
    // Round-robin: every other one goes to b, and is not in the list.
    opened.push(await ask(engine, a, GET.replace('/', '/elsewhere')));
    opened.push(await upgrade(engine, a, 'telnet'), await ask(engine, a, GET.replace('/', '/elsewhere')));
    const post = 'POST /report?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc';
    opened.push(await ask(engine, a, post));
    const [webSocket] = opened;
    webSocket!.upstream.send(TEXT_HI);
    await webSocket!.client.until(() => webSocket!.client.received.length === TEXT_HI.length);
    const list = await engine.listConnections('api', 'a');
    expect(list.map(({ kind, method, path, client }) => [kind, method, path, client])).toEqual([
      ['websocket', 'GET', '/live', '127.0.0.1'],
      ['upgrade', 'GET', '/live', '127.0.0.1'],
      ['http', 'POST', '/report?x=1', '127.0.0.1'],
    ]);
    expect(list[2]?.bytesIn).toBe(post.length);
    expect(list[0]!.bytesOut - list[1]!.bytesOut).toBe(TEXT_HI.length);
    for (const { ageMs, idleMs } of list) {
      expect(ageMs).toBeLessThan(5000);
      expect(idleMs).toBeLessThanOrEqual(ageMs);
    }
    await dispose(...opened);
  });

  it('tells how long nothing has moved', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const quiet = await upgrade(engine, a);
    const busy = await stream(engine, a);
    await vi.waitFor(
      async () => {
        busy.upstream.send(EVENT);
        const [first, second] = await engine.listConnections('api', 'a');
        expect(first?.idleMs).toBeGreaterThan(500);
        expect(second?.idleMs).toBeLessThan(400);
      },
      { interval: 50 },
    );
    await dispose(quiet, busy);
  });

  it('keeps the number of a request and gives the next one of the client another', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const one = await ask(engine, a);
    const [first] = await engine.listConnections('api', 'a');
    const [again] = await engine.listConnections('api', 'a');
    expect(again?.id).toBe(first?.id);
    one.upstream.send(ok('1'));
    await one.client.message();
    expect(await engine.listConnections('api', 'a')).toEqual([]);
    one.client.send(GET);
    await one.upstream.message();
    expect(await engine.closeConnections('api', 'a', first!.id)).toBe(0);
    const [next] = await engine.listConnections('api', 'a');
    expect(next?.id).not.toBe(first?.id);
    one.upstream.send(ok('2'));
    expect((await one.client.message()).body).toBe('2');
    await dispose(one);
  });
});

describe('closing by hand', () => {
  it('ends the one that was named and no other', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const first = await ask(engine, a);
    const second = await ask(engine, a);
    const [listed] = await engine.listConnections('api', 'a');
    expect(await engine.closeConnections('api', 'a', listed!.id)).toBe(1);
    expect((await first.client.message()).status).toBe(503);
    await first.upstream.untilOver();
    second.upstream.send(ok('second'));
    expect((await second.client.message()).body).toBe('second');
    expect(engine.count('api/a', 'inFlight')).toBe(0);
    await dispose(first, second);
  });

  it('ends all of a backend’s, and leaves another’s alone', async () => {
    await using a = await RawServer.listen();
    await using b = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port, b: b.port });
    const atA = await upgrade(engine, a);
    const atB = await upgrade(engine, b);
    expect(await engine.closeConnections('api', 'a', null)).toBe(1);
    await atA.client.untilOver();
    expect(atA.client.received).toEqual(GOING_AWAY);
    atB.client.send(MASKED_HI);
    await atB.upstream.until(() => atB.upstream.received.equals(MASKED_HI));
    await dispose(atA, atB);
  });

  it('puts no Close frame into the middle of another frame, nor into another protocol', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const cut = await upgrade(engine, a);
    cut.upstream.send(TEXT_HI.subarray(0, 3));
    await cut.client.until(() => cut.client.received.length === 3);
    const other = await upgrade(engine, a, 'telnet');
    expect(await engine.closeConnections('api', 'a', null)).toBe(2);
    await cut.client.untilOver();
    await other.client.untilOver();
    await other.upstream.untilOver();
    expect([cut.client.received.length, other.client.text, other.upstream.text]).toEqual([3, '', '']);
    await dispose(cut, other);
  });

  it('cuts off a side that does not end', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const stubborn = await upgrade(engine, a);
    await engine.closeConnections('api', 'a', null);
    await stubborn.client.untilOver();
    expect(engine.count('api/a', 'tunnels')).toBe(1);
    await vi.waitFor(() => expect(engine.count('api/a', 'tunnels')).toBe(0), { timeout: 4000 });
    expect(engine.count('api/a', 'connections')).toBe(0);
    await dispose(stubborn);
  });

  it('reaches a client that does not read', async () => {
    await using a = await RawServer.listen();
    await using engine = await EngineHarness.serving({ a: a.port });
    const slow = await upgrade(engine, a, 'telnet');
    slow.client.socket.pause();
    await slow.upstream.fill(Buffer.alloc(1_000_000, 'x'), 60_000_000);
    await engine.closeConnections('api', 'a', null);
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(0), { timeout: 4000 });
    await dispose(slow);
  });
});

describe('the streams of one HTTP/2 connection', () => {
  it('are listed and ended each by itself', async () => {
    await using a = await RawServer.listen();
    await using engine = await servingHttp2({ a: a.port });
    await using client = await H2Client.connect(engine.port());
    const first = client.request({ ':path': '/first' });
    await (await a.connection(0)).message();
    const second = client.request({ ':path': '/second' });
    const upstream = await a.connection(1);
    await upstream.message();
    const list = await engine.listConnections('api', 'a');
    expect(list.map(({ kind, path }) => [kind, path])).toEqual([
      ['http', '/first'],
      ['http', '/second'],
    ]);
    expect(await engine.closeConnections('api', 'a', list[0]!.id)).toBe(1);
    expect((await first).status).toBe(503);
    upstream.send(ok('second'));
    expect(await second).toMatchObject({ status: 200, body: 'second' });
  });

  it('that carry a WebSocket end with a Close frame', async () => {
    await using a = await RawServer.listen();
    await using engine = await servingHttp2({ a: a.port });
    await using client = await H2Client.connect(engine.port());
    const stream = client.open(
      { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/live', 'sec-websocket-version': '13' },
      { endStream: false },
    );
    const upstream = await a.connection();
    const key = (await upstream.message()).field('sec-websocket-key') ?? '';
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
    const received = answerOf(stream);
    upstream.send(`${switched}Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
    await vi.waitFor(async () =>
      expect(await engine.listConnections('api', 'a')).toMatchObject([{ kind: 'websocket', path: '/live' }]),
    );
    stream.end();
    expect(await engine.closeConnections('api', 'a', null)).toBe(1);
    expect(Buffer.from((await received).body, 'latin1')).toEqual(GOING_AWAY);
    await upstream.untilOver();
  });
});
