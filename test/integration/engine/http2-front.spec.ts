// Clients that speak HTTP/2, served by HTTP/1.1 backends:
// - every part of a message arrives, in the other protocol's form
// - what one protocol has and the other has not is dropped or answered for
// - each stream is counted, logged and ended by itself
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness, type ListenerWords, type PoolWords } from '../../support/engine-harness.ts';
import { type H2Answer, H2Client, http2Listener, servingHttp2 } from '../../support/h2-engine.ts';
import { get, H2RawClient, headers } from '../../support/h2-frames.ts';
import { disposedAfterEach } from '../../support/opened.ts';
import { type Answer, ok, RawServer } from '../../support/raw-server.ts';

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

describe('a request over HTTP/2', () => {
  it('is an HTTP/1.1 request to the backend, target and fields as they were', async () => {
    const { backend, client, engine } = await serving(() => ok('hello', 'X-Answer: 1'));
    const answer = await client.request({
      ':path': '/a%2Fb//c?x=%00&y=|',
      'x-one': ['1', '2'],
      accept: '*/*',
    });
    expect([answer.status, answer.body, answer.headers['x-answer']]).toEqual([200, 'hello', '1']);
    const [request] = backend.requests;
    expect(request?.first).toBe('GET /a%2Fb//c?x=%00&y=| HTTP/1.1');
    expect(request?.lines).toEqual([
      'Host: a.test',
      'x-one: 1',
      'x-one: 2',
      'accept: */*',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: a.test',
    ]);
    await vi.waitFor(() =>
      expect(engine.records).toMatchObject([
        {
          listener: 'web',
          pool: 'api',
          backend: 'a',
          method: 'GET',
          host: 'a.test',
          status: 200,
          failure: '',
        },
      ]),
    );
    expect([
      engine.count('web', 'requests'),
      engine.count('web', 'inFlight'),
      engine.count('web', 'connections'),
      engine.count('api/a', 'status2xx'),
      engine.count('api/a', 'inFlight'),
    ]).toEqual([1, 0, 1, 1, 0]);
  });

  it('Y2 :authority names the host, whatever Host says', async () => {
    const { backend, engine } = await serving(() => ok(''));
    const raw = opened(await H2RawClient.connect(engine.port()));
    raw.send(headers(1, get({ ':authority': 'a.test:8443' }, ['host', 'b.test'])));
    raw.send(headers(3, get({ ':authority': undefined }, ['host', 'c.test'])));
    expect([await raw.status(1), await raw.status(3)]).toEqual([200, 200]);
    expect(backend.requests.map(({ lines }) => lines.filter((line) => /^host:/i.test(line)))).toEqual([
      ['Host: a.test:8443'],
      ['Host: c.test'],
    ]);
  });

  it('Y3 cookies sent one by one become one field', async () => {
    const { backend, engine } = await serving(() => ok(''));
    const raw = opened(await H2RawClient.connect(engine.port()));
    raw.send(
      headers(1, get({}, ['cookie', 'a=1'], ['x-between', 'y'], ['cookie', 'b=2'], ['cookie', 'c=3'])),
    );
    expect(await raw.status(1)).toBe(200);
    expect(backend.requests[0]?.lines.filter((line) => line.startsWith('cookie'))).toEqual([
      'cookie: a=1; b=2; c=3',
    ]);
  });

  it('H3 te passes as "trailers" or not at all', async () => {
    const { backend, client } = await serving(() => ok(''));
    await client.request({ te: 'trailers' });
    await client.request({});
    expect(backend.requests.map((request) => [request.field('te'), request.field('connection')])).toEqual([
      ['trailers', 'TE'],
      [undefined, undefined],
    ]);
  });

  it('H7 H8 odd names and bytes above 127 arrive unchanged, both ways', async () => {
    const { backend, engine } = await serving(() =>
      ok(
        '',
        '__proto__: p',
        'constructor: c',
        'Set-Cookie: a=1',
        'X-Dup: 1',
        'set-cookie: b=2',
        'X-Dup: \xe9',
      ),
    );
    const client = opened(await H2Client.connect(engine.port()));
    const answer = await client.request({});
    const pairs = answer.rawHeaders.flatMap((name, i) =>
      i % 2 === 0 && !name.startsWith(':') ? [`${name}: ${answer.rawHeaders[i + 1]}`] : [],
    );
    expect(pairs).toEqual([
      'content-length: 0',
      '__proto__: p',
      'constructor: c',
      'set-cookie: a=1',
      'x-dup: 1',
      'set-cookie: b=2',
      'x-dup: \xe9',
    ]);
    const raw = opened(await H2RawClient.connect(engine.port()));
    raw.send(headers(1, get({}, ['__proto__', 'x'], ['x-v', 'caf\xe9 \xff'])));
    expect(await raw.status(1)).toBe(200);
    expect(backend.requests[1]?.lines.slice(1, 3)).toEqual(['__proto__: x', 'x-v: caf\xe9 \xff']);
  });

  it('H1 connection-specific fields of the backend stay behind', async () => {
    const { client } = await serving(() =>
      ok(
        'x',
        'Connection: keep-alive, X-Hop',
        'X-Hop: 1',
        'Keep-Alive: timeout=9',
        'Upgrade: h2c',
        'X-End: 1',
      ),
    );
    const { headers: received } = await client.request({});
    expect(Object.keys(received)).toEqual([':status', 'content-length', 'x-end']);
  });

  it('OPTIONS * stays what it is', async () => {
    const { backend, client } = await serving(() => ok(''));
    await client.request({ ':method': 'OPTIONS', ':path': '*' });
    expect(backend.requests[0]?.first).toBe('OPTIONS * HTTP/1.1');
  });

  it('Via names HTTP/2 towards the backend', async () => {
    const { backend, client } = await serving(() => ok(''), {}, { via: 'sluice-web' });
    const answer = await client.request({});
    expect([backend.requests[0]?.field('via'), answer.headers.via]).toEqual([
      '2 sluice-web',
      '1.1 sluice-web',
    ]);
  });

  it('many at a time are answered each with its own', async () => {
    const { client, engine } = await serving((request) => ok(request.target));
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => client.request({ ':path': `/${i}` })),
    );
    expect(answers.map(({ body }) => body)).toEqual(answers.map((_, i) => `/${i}`));
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(0));
    expect(engine.count('web', 'connections')).toBe(1);
  });
});

describe('a response over HTTP/2', () => {
  it('in chunks arrives as it is, S7 with its trailers', async () => {
    const { client } = await serving(
      () =>
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Sum: 7\r\nContent-Length: 1\r\n\r\n',
    );
    const answer = await client.request({});
    expect([answer.body, Object.entries(answer.trailers)]).toEqual(['abcdefg', [['x-sum', '7']]]);
    const again = await client.request({});
    expect(again.trailers['x-sum']).toBe('7');
  });

  it('in chunks without trailers ends cleanly', async () => {
    const { client } = await serving(
      () => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    );
    expect((await client.request({})).body).toBe('abc');
  });

  it('that ends with the connection arrives whole', async () => {
    const { client } = await serving((_, connection) => {
      connection.send('HTTP/1.1 200 OK\r\n\r\nall of it').end();
      return undefined;
    });
    expect((await client.request({})).body).toBe('all of it');
  });

  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', 200, '9'],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', 204, undefined],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', 304, '9'],
    ['GET', 'HTTP/1.1 205 Reset Content\r\nContent-Length: 2\r\n\r\nno', 205, undefined],
    ['GET', 'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n', 500, '0'],
  ])('H10 H11 to %s of %j has no body', async (method, message, status, length) => {
    const { client } = await serving(() => message);
    const answer = await client.request({ ':method': method });
    expect([answer.status, answer.body, answer.headers['content-length']]).toEqual([status, '', length]);
    expect((await client.request({ ':method': method })).status).toBe(status);
  });

  it('H12 is preceded by its interim ones', async () => {
    const { client } = await serving(
      () =>
        `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\nConnection: x\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${ok('x')}`,
    );
    const answer = await client.request({});
    expect(answer.interim.map((fields) => [fields[':status'], fields.link])).toEqual([
      [103, '</a>, </b>'],
      [103, undefined],
    ]);
    expect(answer.body).toBe('x');
  });

  it('may have as large a header as a backend may send', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `X-${i}: ${'v'.repeat(1000)}`);
    const { engine } = await serving(() => ok('large', ...lines));
    const raw = opened(await H2RawClient.connect(engine.port()));
    raw.send(headers(1, get()));
    expect(await raw.status(1)).toBe(200);
    await raw.until(() => raw.data(1) === 'large');
  });

  it('repeats the fields its backend repeats', async () => {
    const { client } = await serving(() =>
      ok('x', 'Content-Type: a/b', 'Content-Type: c/d', 'ETag: 1', 'ETag: 2'),
    );
    const { rawHeaders } = await client.request({});
    expect(rawHeaders.filter((name) => name === 'content-type' || name === 'etag')).toHaveLength(4);
  });
});

describe('an answer of our own', () => {
  it.each<[string, ListenerWords, Partial<PoolWords>, number, string]>([
    ['404 without a route', { routes: [] }, {}, 404, 'no route'],
    ['503 without a usable backend', {}, { backends: { a: { port: 1, usable: false } } }, 503, 'not healthy'],
    ['502 for a backend that refuses', {}, { backends: { a: 1 } }, 502, 'refused'],
  ])('%s', async (_, listener, pool, status, text) => {
    const { client } = await serving(() => ok(''), pool, listener);
    const answer: H2Answer = await client.request({});
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/plain; charset=utf-8']);
    expect(answer.body).toContain(text);
    expect(Number(answer.headers['content-length'])).toBe(answer.body.length);
    const head = await client.request({ ':method': 'HEAD' });
    expect([head.status, head.body]).toEqual([status, '']);
  });

  it('421 to a host that another certificate is for', async () => {
    const words = await http2Listener();
    const [first] = words.tls!.certificates;
    const certificates = [
      { ...first!, name: 'a', hosts: ['a.test'] },
      { ...first!, name: 'b', hosts: ['b.test'] },
    ];
    const backend = opened(await RawServer.listen(() => ok('')));
    const engine = opened(
      await EngineHarness.serving({ a: backend.port }, {}, { tls: { ...words.tls!, certificates } }),
    );
    const client = opened(await H2Client.connect(engine.port(), { servername: 'a.test' }));
    expect((await client.request({ ':authority': 'a.test' })).status).toBe(200);
    expect((await client.request({ ':authority': 'b.test' })).status).toBe(421);
  });
});
