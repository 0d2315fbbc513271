// What a client and a backend see of each other through the engine, byte by byte:
// - keep-alive and pipelined requests are answered in order on one connection
// - bodies pass in every framing, however they are cut
// - answers without a body stay without one, interim answers go to those who understand them
// - hop-by-hop fields stay behind, X-Forwarded-* tell the truth
import { describe, expect, it } from 'vitest';
import { HTTP1_FRONTS } from '../../support/fronts.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';

function get(target: string, ...lines: string[]): string {
  return [`GET ${target} HTTP/1.1`, 'Host: a.test', ...lines, '', ''].join('\r\n');
}

describe.each(HTTP1_FRONTS)('keep-alive, over $name', (front) => {
  it('serves request after request over one connection on either side', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    for (let i = 0; i < 3; i++) {
      const response = await client.send(GET).message();
      expect([response.first, response.body]).toEqual(['HTTP/1.1 200 OK', 'a']);
    }
    expect(backend.connections.length).toBe(1);
    expect([engine.count('api/a', 'requests'), engine.count('web', 'requests')]).toEqual([3, 3]);
  });

  it('closes after the answer when the client asks for it', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    const response = await client.send(get('/', 'Connection: close')).message();
    expect(response.field('connection')).toBe('close');
    await client.untilOver();
    expect(backend.openConnections).toBe(1);
  });

  it('F20 answers pipelined requests in order and each once', async () => {
    await using backend = await RawServer.listen((request) =>
      ok(`${request.method} ${request.target} ${request.body}`),
    );
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(
      `${get('/1')}POST /2 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello${get('/3')}` +
        'POST /4 HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n' +
        get('/5'),
    );
    const bodies: string[] = [];
    for (let i = 0; i < 5; i++) bodies.push((await client.message()).body);
    expect(bodies).toEqual(['GET /1 ', 'POST /2 hello', 'GET /3 ', 'POST /4 abc', 'GET /5 ']);
  });

  it('answers a thousand pipelined requests without reading ahead of itself', async () => {
    await using backend = await RawServer.listen((request) => ok(request.target));
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    const count = 1000;
    client.send(
      Array.from({ length: count }, (_, i) => get(`/${i}`, `X-Padding: ${'x'.repeat(200)}`)).join(''),
    );
    for (let i = 0; i < count; i++) expect((await client.message()).body).toBe(`/${i}`);
    expect(backend.requests.length).toBe(count);
  });

  it('goes on after an answer of its own', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await front.serving(
      { a: backend.port },
      {},
      {
        routes: [{ pool: 'api', pathPrefix: '/api' }],
      },
    );
    await using client = await front.client(engine);
    client.send(get('/x') + get('/y') + get('/api'));
    expect((await client.message()).status).toBe(404);
    expect((await client.message()).status).toBe(404);
    expect((await client.message()).body).toBe('a');
  });
});

describe.each(HTTP1_FRONTS)('bodies, over $name', (front) => {
  const requests: [string, string][] = [
    ['length', 'POST /p HTTP/1.1\r\nHost: a.test\r\nContent-Length: 11\r\n\r\nhello world'],
    [
      'chunked',
      'POST /p HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
    ],
  ];
  const responses: [string, string][] = [
    ['length', 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello again'],
    [
      'chunked',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n again\r\n0\r\n\r\n',
    ],
    ['close', 'HTTP/1.1 200 OK\r\n\r\nhello again'],
  ];
  for (const [up, request] of requests) {
    for (const [down, response] of responses) {
      it(`F19 passes ${up} up and ${down} down, byte by byte, with the client kept`, async () => {
        await using backend = await RawServer.listen();
        await using engine = await front.serving({ a: backend.port });
        await using client = await front.client(engine);
        void client.trickle(request);
        const connection = await backend.connection();
        const seen = await connection.message();
        expect([seen.first, seen.body]).toEqual(['POST /p HTTP/1.1', 'hello world']);
        await connection.trickle(response);
        if (down === 'close') connection.end();
        const answer = await client.message();
        expect([answer.status, answer.body]).toEqual([200, 'hello again']);
        expect(client.ended).toBe(false);
      });
    }
  }

  it('gives an HTTP/1.0 client a chunked body without chunks, ended by the connection', async () => {
    await using backend = await RawServer.listen(() => responses[1]![1]);
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send('GET / HTTP/1.0\r\n\r\n');
    await client.untilOver();
    const answer = await client.message();
    expect([answer.field('transfer-encoding'), answer.field('connection'), answer.body]).toEqual([
      undefined,
      'close',
      'hello again',
    ]);
  });

  it('relays a large body in both directions unchanged', async () => {
    const body = Buffer.alloc(3_000_000, 'sluice-0123456789');
    await using backend = await RawServer.listen((request) => ok(request.body));
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${body.length}\r\n\r\n`).send(body);
    const answer = await client.message();
    expect(answer.body.length).toBe(body.length);
    expect(answer.body === body.toString('latin1')).toBe(true);
  });

  it('H10 sends no body for HEAD, 204 and 304 and keeps the connection', async () => {
    const answers: Record<string, string> = {
      '/head': 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
      '/204': 'HTTP/1.1 204 No Content\r\n\r\n',
      '/304': 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
      '/': ok('a'),
    };
    await using backend = await RawServer.listen((request) => answers[request.target]);
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    const head = await client.send('HEAD /head HTTP/1.1\r\nHost: a.test\r\n\r\n').message('HEAD');
    expect([head.status, head.field('content-length')]).toEqual([200, '5']);
    const none = await client.send(get('/204')).message();
    expect([none.status, none.field('content-length')]).toEqual([204, undefined]);
    const same = await client.send(get('/304')).message();
    expect([same.status, same.field('content-length')]).toEqual([304, '5']);
    expect((await client.send(GET).message()).body).toBe('a');
    expect(backend.connections.length).toBe(1);
  });

  it('passes server-sent events on as they come', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(GET);
    const connection = await backend.connection();
    await connection.message();
    connection.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
    for (let i = 0; i < 3; i++) {
      connection.send(`data: ${i}\n\n`);
      await client.untilText(`data: ${i}`);
    }
  });
});

describe.each(HTTP1_FRONTS)('interim answers, over $name', (front) => {
  it('F22 answers Expect itself and forwards the body as one request', async () => {
    await using backend = await RawServer.listen((request) =>
      ok(`${request.field('expect')} ${request.body.length}`),
    );
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(
      `POST / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: ${GET.length}\r\n\r\n`,
    );
    expect((await client.message()).first).toBe('HTTP/1.1 100 Continue');
    client.send(GET);
    expect((await client.message()).body).toBe(`undefined ${GET.length}`);
    expect(backend.requests.length).toBe(1);
  });

  it('sends no 100 to a client that has sent its body already', async () => {
    await using backend = await RawServer.listen((request) => ok(request.body));
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send('POST / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi');
    expect((await client.message()).body).toBe('hi');
  });

  it('H12 relays 100, 103 and 103 before the 200', async () => {
    await using backend = await RawServer.listen(
      () =>
        `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${ok('a')}`,
    );
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(GET);
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await client.message()).status);
    expect(statuses).toEqual([100, 103, 103, 200]);
  });

  it('H12 keeps interim answers from an HTTP/1.0 client', async () => {
    await using backend = await RawServer.listen(() => `HTTP/1.1 103 Early Hints\r\n\r\n${ok('a')}`);
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send('GET / HTTP/1.0\r\nHost: a.test\r\n\r\n');
    expect((await client.message()).status).toBe(200);
  });

  it('H12 turns 103 and nothing more into 502', async () => {
    await using backend = await RawServer.listen((_, connection) => {
      connection.send('HTTP/1.1 103 Early Hints\r\n\r\n').end();
      return undefined;
    });
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send(GET);
    expect([(await client.message()).status, (await client.message()).status]).toEqual([103, 502]);
  });
});

describe.each(HTTP1_FRONTS)('header fields, over $name', (front) => {
  it('H1 H4 H5 leave hop-by-hop fields behind and tell the client’s address', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    await client
      .send(
        get(
          '/p?q=1',
          'Connection: X-Foo, keep-alive',
          'X-Foo: 1',
          'Keep-Alive: 5',
          'X-Forwarded-For: 9.9.9.9',
          'X-Bar: b',
        ),
      )
      .message();
    const { first, lines } = backend.requests[0]!;
    expect(first).toBe('GET /p?q=1 HTTP/1.1');
    expect(lines).toEqual([
      'Host: a.test',
      'X-Bar: b',
      'X-Forwarded-For: 127.0.0.1',
      `X-Forwarded-Proto: ${front.proto}`,
      'X-Forwarded-Host: a.test',
    ]);
  });

  it('H1 H7 strips what the backend’s Connection names and keeps order and repetition of the rest', async () => {
    await using backend = await RawServer.listen(() =>
      ok(
        'a',
        'Connection: X-Hop',
        'X-Hop: 1',
        'Set-Cookie: a=1',
        'X-One: 1',
        'Set-Cookie: b=2',
        '__proto__: x',
      ),
    );
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    const { lines } = await client.send(GET).message();
    expect(lines).toEqual([
      'Set-Cookie: a=1',
      'X-One: 1',
      'Set-Cookie: b=2',
      '__proto__: x',
      'Content-Length: 1',
    ]);
  });
});

describe.each(HTTP1_FRONTS)('refused requests, over $name', (front) => {
  const cases: [string, string, number][] = [
    [
      'F1 both framings',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
      400,
    ],
    ['F7 lines that end with LF', 'GET / HTTP/1.1\nHost: a\n\n', 400],
    ['F14 another major version', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
    ['F18 a header over the limit', `GET / HTTP/1.1\r\nHost: a\r\nX-Big: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
    [
      'F18 an unfinished header over the limit',
      `GET / HTTP/1.1\r\nHost: a\r\nX-Big: ${'x'.repeat(17_000)}`,
      431,
    ],
    ['F18 a target over the limit', `GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  ];
  for (const [name, request, status] of cases) {
    it(`${name}: ${status}, closed, nothing reaches a backend`, async () => {
      await using backend = await RawServer.named('a');
      await using engine = await front.serving({ a: backend.port });
      await using client = await front.client(engine);
      const answer = await client.send(request).message();
      expect([answer.status, answer.field('connection')]).toEqual([status, 'close']);
      await client.untilOver();
      expect(client.text).toBe('');
      expect(backend.requests.length).toBe(0);
    });
  }

  it('F6 a broken chunk after the head was forwarded: 400 and the backend’s connection is dropped', async () => {
    await using backend = await RawServer.listen();
    await using engine = await front.serving({ a: backend.port });
    await using client = await front.client(engine);
    client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!!\r\n0\r\n\r\n');
    expect((await client.message()).status).toBe(400);
    await client.untilOver();
    await (await backend.connection()).untilOver();
    expect([engine.count('api/a', 'errors'), engine.count('api/a', 'inFlight')]).toEqual([0, 0]);
  });
});
