// The bodies of HTTP/2 streams, and how streams end: held back by whoever does not read, cut short
// visibly, cancelled at once, each without harm to the others on its connection.
import { describe, expect, it, vi } from 'vitest';
import type { EngineHarness, ListenerWords, PoolWords } from '../../support/engine-harness.ts';
import { answerOf, H2Client, servingHttp2 } from '../../support/h2-engine.ts';
import { END_HEADERS, frame, get, H2RawClient, headers, TYPE, uint32 } from '../../support/h2-frames.ts';
import { disposedAfterEach } from '../../support/opened.ts';
import { type Answer, ok, RawServer } from '../../support/raw-server.ts';
import type { RawMessage } from '../../support/raw-stream.ts';

const opened = disposedAfterEach();

interface Serving {
  backend: RawServer;
  engine: EngineHarness;
  client: H2Client;
}

async function serving(
  answer?: Answer,
  pool: Partial<PoolWords> = {},
  listener: ListenerWords = {},
): Promise<Serving> {
  const backend = opened(await RawServer.listen(answer));
  const engine = opened(await servingHttp2({ a: backend.port }, pool, listener));
  const client = opened(await H2Client.connect(engine.port()));
  return { backend, engine, client };
}

describe('a request body over HTTP/2', () => {
  it('of known length is framed by it, of unknown length in chunks', async () => {
    const { backend, client } = await serving((request) => ok(request.body));
    const known = await client.request({ ':method': 'POST', 'content-length': 5 }, 'hello');
    const unknown = await client.request({ ':method': 'POST' }, 'hello');
    expect([known.body, unknown.body]).toEqual(['hello', 'hello']);
    const framing = (request: RawMessage) => [
      request.field('content-length'),
      request.field('transfer-encoding'),
    ];
    expect(backend.requests.map(framing)).toEqual([
      ['5', undefined],
      [undefined, 'chunked'],
    ]);
  });

  it('that is empty is sent as such', async () => {
    const { backend, client } = await serving((request) => ok(request.body));
    expect((await client.request({ ':method': 'POST', 'content-length': 0 })).status).toBe(200);
    expect((await client.request({ ':method': 'POST' }, '')).status).toBe(200);
    expect(backend.requests.map((request) => request.body)).toEqual(['', '']);
  });

  it('S7 brings its trailers along', async () => {
    const { backend, client } = await serving();
    const stream = client.open({ ':method': 'POST' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '42', 'content-type': 'no' }));
    stream.end('abc');
    const upstream = await backend.connection();
    await upstream.untilText('0\r\nx-sum: 42\r\n\r\n');
    upstream.send(ok('done'));
    expect((await answerOf(stream)).body).toBe('done');
  });

  it('that waits for 100 is asked for once the backend is there', async () => {
    const { backend, client } = await serving((request) => ok(request.body));
    const stream = client.open({ ':method': 'POST', expect: '100-continue' });
    const answer = answerOf(stream);
    await new Promise<void>((resolve) => stream.once('continue', resolve));
    stream.end('late');
    expect((await answer).body).toBe('late');
    expect(backend.requests[0]?.field('expect')).toBe(undefined);
  });

  it('is retried elsewhere while all of it is here', async () => {
    const good = opened(await RawServer.listen((request) => ok(`good ${request.body}`)));
    const gone = await RawServer.listen();
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    const engine = opened(await servingHttp2({ bad: port, good: good.port }));
    const client = opened(await H2Client.connect(engine.port()));
    for (let i = 0; i < 4; i++)
      expect((await client.request({ ':method': 'POST' }, `n${i}`)).body).toBe(`good n${i}`);
  });

  it('S2 of a backend that does not read is held back, whatever its size', async () => {
    const { backend, client, engine } = await serving();
    const stream = client.open({ ':method': 'POST' });
    const piece = Buffer.alloc(65_536, 'u');
    stream.write(piece);
    const upstream = await backend.connection();
    upstream.socket.pause();
    let sent = 0;
    const push = (): void => {
      while (!stream.destroyed && stream.write(piece, () => (sent += piece.length)));
    };
    stream.on('drain', push);
    push();
    await upstream.stuck(() => sent);
    expect(sent).toBeLessThan(16_000_000);
    expect(engine.count('web', 'bytesIn')).toBeLessThan(16_000_000);
    const before = sent;
    upstream.socket.resume();
    await vi.waitFor(() => expect(sent).toBeGreaterThan(before + 2_000_000));
  });
});

describe('a response body over HTTP/2', () => {
  it('S1 to a client that does not read holds its backend back, and arrives unharmed', async () => {
    const total = 48_000_000;
    const pattern = Buffer.from(Array.from({ length: 65_521 }, (_, i) => i % 251));
    const { backend, client } = await serving();
    const stream = client.open({});
    let received = 0;
    let right = true;
    stream.on('response', () => stream.pause());
    stream.on('data', (chunk: Buffer) => {
      for (let i = 0; i < chunk.length; i += 997) right &&= chunk[i] === ((received + i) % 65_521) % 251;
      received += chunk.length;
    });
    const upstream = await backend.connection();
    await upstream.message();
    upstream.send(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
    const taken = await upstream.fill(pattern, total);
    expect(taken).toBeLessThan(16_000_000);
    const ended = new Promise<void>((resolve) => stream.once('close', resolve));
    const left = total - taken - upstream.socket.writableLength;
    stream.resume();
    await upstream.fill(pattern, left);
    await ended;
    expect([received, right, stream.rstCode]).toEqual([total, true, 0]);
  }, 20_000);

  it('S1 a hundred at a time are all held back and all arrive', async () => {
    const piece = Buffer.alloc(500_000, 'm').toString('latin1');
    const { client, engine } = await serving(() => ok(piece));
    const streams = Array.from({ length: 100 }, () => client.open({}));
    await Promise.all(streams.map((stream) => new Promise((resolve) => stream.once('response', resolve))));
    expect(engine.count('web', 'bytesOut')).toBeLessThan(100 * 400_000);
    const lengths = await Promise.all(
      streams.map((stream) => {
        let length = 0;
        stream.on('data', (chunk: Buffer) => {
          length += chunk.length;
        });
        return new Promise<number>((resolve) => stream.once('close', () => resolve(length)));
      }),
    );
    expect(new Set(lengths)).toEqual(new Set([piece.length]));
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(0));
  }, 20_000);

  it('S5 that its backend cuts short ends with RST_STREAM, whatever its framing', async () => {
    const cut = async (message: string): Promise<[boolean, number]> => {
      const { engine } = await serving((_, connection) => {
        connection.send(message).end();
        return undefined;
      });
      const raw = opened(await H2RawClient.connect(engine.port()));
      raw.send(headers(1, get()));
      const code = await raw.resetCode(1);
      expect(engine.count('api/a', 'errors')).toBe(1);
      return [raw.isComplete(1), code];
    };
    expect(await cut('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')).toEqual([false, 2]);
    expect(await cut('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')).toEqual([
      false,
      2,
    ]);
    expect(await cut('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc')).toEqual([false, 2]);
  });

  it('S6 whose end is a reset is cut short too', async () => {
    const { backend, engine } = await serving();
    const raw = opened(await H2RawClient.connect(engine.port()));
    raw.send(headers(1, get()));
    const upstream = await backend.connection();
    upstream.send('HTTP/1.1 200 OK\r\n\r\nabc');
    await raw.until(() => raw.data(1) === 'abc');
    upstream.reset();
    expect([await raw.resetCode(1), raw.isComplete(1)]).toEqual([2, false]);
  });

  it('that comes early stops the upload and leaves the connection', async () => {
    const { backend, client, engine } = await serving();
    const stream = client.open({ ':method': 'POST' });
    const answer = answerOf(stream);
    stream.write('some of it');
    const upstream = await backend.connection();
    await upstream.untilText('some of it');
    upstream.send('HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno');
    expect([(await answer).status, (await answer).body]).toEqual([413, 'no']);
    await upstream.untilOver();
    const next = client.request({});
    (await backend.connection(1)).send(ok('next'));
    expect((await next).body).toBe('next');
    await vi.waitFor(() => expect(engine.count('web', 'inFlight')).toBe(0));
  });
});

describe('a client that leaves', () => {
  it.each([0, 8])('A1 cancels its request at once by RST_STREAM(%i)', async (code) => {
    const { backend, engine } = await serving();
    const raw = opened(await H2RawClient.connect(engine.port()));
    raw.send(headers(1, get())).send(headers(3, get()));
    const first = await backend.connection();
    const second = await backend.connection(1);
    await first.message();
    raw.send(frame(TYPE.reset, 0, 1, uint32(code)));
    await first.untilOver();
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(1));
    expect([engine.count('api/a', 'clientAborts'), engine.count('api/a', 'errors')]).toEqual([1, 0]);
    second.send(ok('x'));
    expect(await raw.status(3)).toBe(200);
    await vi.waitFor(() => expect(engine.records.map(({ failure }) => failure)).toEqual(['client-gone', '']));
  });

  it.each([0, 8])('A1 by RST_STREAM(%i) in its body leaves that incomplete', async (code) => {
    const { backend, engine } = await serving();
    const raw = opened(await H2RawClient.connect(engine.port()));
    raw.send(headers(1, get({ ':method': 'POST' }), END_HEADERS)).send(frame(TYPE.data, 0, 1, 'part'));
    const upstream = await backend.connection();
    await upstream.untilText('part');
    raw.send(frame(TYPE.reset, 0, 1, uint32(code)));
    await upstream.untilOver();
    expect(upstream.text.endsWith('4\r\npart\r\n')).toBe(true);
  });

  it('A1 cancels in the middle of either body', async () => {
    const { backend, engine, client } = await serving();
    const upload = client.open({ ':method': 'POST' });
    upload.write('part');
    const first = await backend.connection();
    await first.untilText('part');
    upload.close(8);
    await first.untilOver();
    const download = client.open({});
    const second = await backend.connection(1);
    second.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
    await new Promise((resolve) => download.once('data', resolve));
    download.close(8);
    await second.untilOver();
    await vi.waitFor(() => expect(engine.count('web', 'inFlight')).toBe(0));
    expect(engine.count('web', 'clientAborts')).toBe(2);
  });

  it.each(['FIN', 'RST'])('A1 cancels all its requests when its connection ends by %s', async (how) => {
    const { backend, engine } = await serving();
    const raw = opened(await H2RawClient.connect(engine.port()));
    raw.send(headers(1, get())).send(headers(3, get()));
    const first = await backend.connection();
    const second = await backend.connection(1);
    if (how === 'FIN') raw.end();
    else raw.destroy();
    await Promise.all([first.untilOver(), second.untilOver()]);
    await vi.waitFor(() => expect(engine.count('web', 'connections')).toBe(1));
    expect([engine.count('web', 'inFlight'), engine.count('web', 'clientAborts')]).toEqual([0, 2]);
  });
});
