// Backends that speak HTTP/2: what they are asked, and how their answers reach clients of HTTP/1.1.
import { describe, expect, it, vi } from 'vitest';
import { testAuthority } from '../../support/certificates.ts';
import { EngineHarness, type PoolWords } from '../../support/engine-harness.ts';
import { H2Backend, type H2Handler, type H2Request, respond } from '../../support/h2-backends.ts';
import { disposedAfterEach } from '../../support/opened.ts';
import { ask, GET, POST } from '../../support/single-requests.ts';

const opened = disposedAfterEach();

async function engineFor(backends: PoolWords['backends'], pool: Partial<PoolWords> = {}) {
  return opened(await EngineHarness.serving(backends, { protocol: 'http2', ...pool }));
}

async function serving(handler: H2Handler, pool: Partial<PoolWords> = {}) {
  const backend = opened(await H2Backend.listen(handler));
  const engine = await engineFor({ a: backend.port }, pool);
  return { backend, engine };
}

/** As the backend got it. */
function field({ headers }: H2Request, name: string) {
  return headers[name];
}

describe('a request to an HTTP/2 backend', () => {
  it('has its pseudo-fields, its own fields in order and what backends are told of the client', async () => {
    const { backend, engine } = await serving((request) => respond(request, 'fine'));
    const answer = await ask(
      engine,
      'GET /a?b=%20c HTTP/1.1\r\nHost: A.test:80\r\nX-One: 1\r\nx-one: 2\r\nCookie: a=1; b=2\r\nConnection: x-gone, HTTP2-Settings\r\nX-Gone: 1\r\nHTTP2-Settings: AAA\r\nKeep-Alive: timeout=5\r\nTE: trailers, gzip\r\nX-Text: \xe9\r\n\r\n'.replace(
        'x-gone, HTTP2-Settings',
        'x-gone, HTTP2-Settings, TE',
      ),
    );
    expect([answer.status, answer.body]).toEqual([200, 'fine']);
    const { fields } = backend.requests[0]!;
    const pairs = fields.flatMap((name, i) => (i % 2 === 0 ? [`${name}=${fields[i + 1]}`] : []));
    expect(pairs).toEqual([
      ':method=GET',
      ':scheme=http',
      ':authority=A.test:80',
      ':path=/a?b=%20c',
      'x-one=1',
      'x-one=2',
      'cookie=a=1; b=2',
      'x-text=\xe9',
      'x-forwarded-for=127.0.0.1',
      'x-forwarded-proto=http',
      'x-forwarded-host=A.test:80',
      'te=trailers',
    ]);
  });

  it('without a host is for the address of the backend', async () => {
    const { backend, engine } = await serving((request) => respond(request, 'fine'));
    expect((await ask(engine, 'GET / HTTP/1.0\r\n\r\n')).status).toBe(200);
    expect(field(backend.requests[0]!, ':authority')).toBe(`127.0.0.1:${backend.port}`);
  });

  it('of OPTIONS for the whole server keeps its asterisk', async () => {
    const { backend, engine } = await serving((request) => respond(request, ''));
    expect((await ask(engine, 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n')).status).toBe(200);
    expect(field(backend.requests[0]!, ':path')).toBe('*');
  });

  it('has its body of known length, in chunks, with trailers or none', async () => {
    const bodies: string[] = [];
    const { backend, engine } = await serving(async (request) => {
      bodies.push(await request.body());
      respond(request, 'got it');
    });
    expect((await ask(engine, POST)).body).toBe('got it');
    const chunked =
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n';
    expect((await ask(engine, `${chunked}\r\n`)).body).toBe('got it');
    expect((await ask(engine, `${chunked}X-Sum: 7\r\nContent-Type: no\r\n\r\n`)).body).toBe('got it');
    expect((await ask(engine, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n')).body).toBe(
      'got it',
    );
    expect(bodies).toEqual(['hello', 'abcde', 'abcde', '']);
    const lengths = backend.requests.map((request) => field(request, 'content-length'));
    expect(lengths).toEqual(['5', undefined, undefined, '0']);
    expect(backend.requests.map(({ trailers }) => Object.entries(trailers))).toEqual([
      [],
      [],
      [['x-sum', '7']],
      [],
    ]);
  });

  it('goes over TLS by ALPN, with the scheme of that connection', async () => {
    const authority = await testAuthority();
    const pair = await authority.issue(['localhost', 'IP:127.0.0.1']);
    const backend = opened(await H2Backend.listen((request) => respond(request, 'secret'), {}, pair));
    const engine = await engineFor(
      { a: backend.port },
      { tls: { verify: true, serverName: '', ca: authority.cert } },
    );
    expect((await ask(engine)).body).toBe('secret');
    expect(field(backend.requests[0]!, ':scheme')).toBe('https');
    expect(backend.sessions[0]?.alpnProtocol).toBe('h2');
  });
});

describe('the answer of an HTTP/2 backend', () => {
  it('reaches an HTTP/1.1 client with its length, in chunks or without a body', async () => {
    const { engine } = await serving((request) => {
      const path = field(request, ':path');
      if (path === '/length') respond(request, 'five!', { 'content-length': 5, 'x-a': ['1', '2'] });
      else if (path === '/chunks') respond(request, 'five!', { 'set-cookie': ['a=1', 'b=2'] });
      else if (path === '/204') request.stream.respond({ ':status': 204 }, { endStream: true });
      else if (path === '/304')
        request.stream.respond({ ':status': 304, 'content-length': 5 }, { endStream: true });
      else respond(request, '', { ':status': 404 });
    });
    const get = (path: string, method = 'GET') =>
      ask(engine, `${method} ${path} HTTP/1.1\r\nHost: a\r\n\r\n`, method);
    const known = await get('/length');
    expect([
      known.body,
      known.field('content-length'),
      known.lines.filter((line) => /^x-a/i.test(line)),
    ]).toEqual(['five!', '5', ['x-a: 1', 'x-a: 2']]);
    const chunked = await get('/chunks');
    expect([chunked.body, chunked.field('transfer-encoding')]).toEqual(['five!', 'chunked']);
    expect(chunked.lines.filter((line) => /^set-cookie/i.test(line))).toHaveLength(2);
    expect([(await get('/204')).first, (await get('/204')).field('transfer-encoding')]).toEqual([
      'HTTP/1.1 204 No Content',
      undefined,
    ]);
    expect((await get('/304')).field('content-length')).toBe('5');
    const head = await get('/length', 'HEAD');
    expect([head.status, head.field('content-length'), head.body]).toEqual([200, '5', '']);
    expect((await get('/none')).status).toBe(404);
  });

  it('H12 comes after its interim ones', async () => {
    const { engine } = await serving((request) => {
      request.stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
      respond(request, 'fine');
    });
    await using client = await engine.client();
    client.send(GET);
    const early = await client.message();
    expect([early.status, early.field('link')]).toEqual([103, '</a.css>; rel=preload']);
    expect((await client.message()).body).toBe('fine');
  });

  it('S7 keeps its trailers, unannounced, in chunks', async () => {
    const { engine } = await serving(({ stream }) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'content-type': 'no' }));
      stream.end('body');
    });
    await using client = await engine.client();
    client.send(GET);
    await client.untilText('0\r\ngrpc-status: 0\r\n\r\n');
    expect(client.text.endsWith('4\r\nbody\r\n0\r\ngrpc-status: 0\r\n\r\n')).toBe(true);
  });

  it('is received by an HTTP/1.0 client to the end of its connection', async () => {
    const { engine } = await serving((request) => respond(request, 'five!'));
    await using client = await engine.client();
    client.send('GET / HTTP/1.0\r\nHost: a\r\n\r\n');
    await client.untilOver();
    expect(client.text.endsWith('\r\n\r\nfive!')).toBe(true);
  });

  it('names version 2 in Via', async () => {
    const backend = opened(await H2Backend.listen((request) => respond(request, 'fine')));
    const engine = opened(
      await EngineHarness.serving({ a: backend.port }, { protocol: 'http2' }, { via: 'sluice-web' }),
    );
    expect((await ask(engine)).field('via')).toBe('2 sluice-web');
    expect(field(backend.requests[0]!, 'via')).toBe('1.1 sluice-web');
  });

  it('that comes before the request is over ends it', async () => {
    const { backend, engine } = await serving(({ stream }) => {
      stream.respond({ ':status': 413 });
      stream.end('too much');
    });
    await using client = await engine.client();
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\nsome');
    const answer = await client.message();
    expect([answer.status, answer.body]).toEqual([413, 'too much']);
    await vi.waitFor(() => expect(backend.requests[0]?.stream.closed).toBe(true));
    expect(engine.count('api/a', 'inFlight')).toBe(0);
    expect((await ask(engine)).status).toBe(413);
    expect(backend.sessions).toHaveLength(1);
  });
});
