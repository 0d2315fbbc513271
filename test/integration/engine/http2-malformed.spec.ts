// Y1: HTTP/2 requests that are malformed, or that two servers could read differently, end with
// RST_STREAM or a 4xx, reach no backend, and leave the other streams alone. Written frame by frame.
import { afterEach, describe, expect, it } from 'vitest';
import type { ListenerWords } from '../../support/engine-harness.ts';
import { servingHttp2 } from '../../support/h2-engine.ts';
import {
  END_HEADERS,
  END_STREAM,
  type Field,
  frame,
  get,
  H2RawClient,
  headerBlock,
  headers,
  TYPE,
} from '../../support/h2-frames.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const PROTOCOL_ERROR = 1;
const ENHANCE_YOUR_CALM = 11;
const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
});

async function serving(listener: ListenerWords = {}) {
  const backend = await RawServer.listen((request) => ok(request.target));
  open.push(backend);
  const engine = await servingHttp2({ a: backend.port }, {}, listener);
  open.push(engine);
  const client = await H2RawClient.connect(engine.port());
  open.push(client);
  return { backend, engine, client };
}

/** A POST with these fields and no END_STREAM. */
function post(...more: Field[]): Buffer {
  return headers(1, get({ ':method': 'POST' }, ...more), END_HEADERS);
}

/** The next stream of the same connection still works, and it alone reached the backend. */
async function expectUnharmed({ backend, client }: Awaited<ReturnType<typeof serving>>): Promise<void> {
  client.send(headers(3, get({ ':path': '/next' })));
  expect(await client.status(3)).toBe(200);
  expect(backend.requests.map(({ target }) => target)).toEqual(['/next']);
}

describe('a malformed request', () => {
  it.each<[string, Field[]]>([
    [':path that is no path', get({ ':path': 'x' })],
    [':path that is empty', get({ ':path': '' })],
    [':path * for GET', get({ ':path': '*' })],
    [':path with a space', get({ ':path': '/a b' })],
    [':path with CRLF', get({ ':path': '/a\r\nx: y' })],
    ['no :path', get({ ':path': undefined })],
    ['no :method', get({ ':method': undefined })],
    ['no :scheme', get({ ':scheme': undefined })],
    ['no authority at all', get({ ':authority': undefined })],
    ['two :path', get({}, [':path', '/y'])],
    ['two :authority', [[':authority', 'b.test'], ...get()]],
    ['two Host', get({}, ['host', 'b.test'], ['host', 'c.test'])],
    [':authority with user information', get({ ':authority': 'u@a.test' })],
    ['an unknown pseudo-field', get({}, [':foo', 'x'])],
    [':status', get({}, [':status', '200'])],
    [':protocol without CONNECT', get({}, [':protocol', 'websocket'])],
    ['a pseudo-field behind others', [['a', 'b'], ...get()]],
    ['connection', get({}, ['connection', 'close'])],
    ['keep-alive', get({}, ['keep-alive', 'timeout=1'])],
    ['proxy-connection', get({}, ['proxy-connection', 'keep-alive'])],
    ['transfer-encoding', get({}, ['transfer-encoding', 'chunked'])],
    ['upgrade', get({}, ['upgrade', 'websocket'])],
    ['te other than trailers', get({}, ['te', 'trailers, gzip'])],
    ['an upper-case name', get({}, ['X-Foo', 'x'])],
    ['a space in a name', get({}, ['x foo', 'x'])],
    ['a colon in a name', get({}, ['x:y', 'x'])],
    ['an empty name', get({}, ['', 'x'])],
    ['CRLF in a value', get({}, ['x-foo', 'a\r\nsmuggled: 1'])],
    ['LF in a value', get({}, ['x-foo', 'a\nb'])],
    ['CR in a value', get({}, ['x-foo', 'a\rb'])],
    ['NUL in a value', get({}, ['x-foo', 'a\0b'])],
    ['a space before a value', get({}, ['x-foo', ' a'])],
    ['a space behind a value', get({}, ['x-foo', 'a '])],
    ['a space in the method', get({ ':method': 'GE T' })],
    ['CRLF in the method', get({ ':method': 'GET\r\n' })],
    ['content-length without data', get({ ':method': 'POST' }, ['content-length', '5'])],
    ['two content-length', get({ ':method': 'POST' }, ['content-length', '0'], ['content-length', '0'])],
    ['content-length that is no number', get({ ':method': 'POST' }, ['content-length', '+0'])],
  ])('Y1 with %s is reset and reaches no backend', async (_, fields) => {
    const setup = await serving();
    setup.client.send(headers(1, fields));
    expect(await setup.client.resetCode(1)).toBe(PROTOCOL_ERROR);
    await expectUnharmed(setup);
  });

  it.each<[string, Field[], number]>([
    ['a fragment in :path', get({ ':path': '/a#b' }), 400],
    ['bytes above 127 in :path', get({ ':path': '/\xe9' }), 400],
    ['an unknown :scheme', get({ ':scheme': 'ftp' }), 400],
    ['an invalid :authority', get({ ':authority': 'a.test:99999' }), 400],
    ['a list as :authority', get({ ':authority': 'a.test,b.test' }), 400],
    ['an unknown expectation', get({}, ['expect', 'x']), 417],
    [
      'plain CONNECT',
      [
        [':method', 'CONNECT'],
        [':authority', 'a.test:80'],
      ],
      501,
    ],
    ['a :protocol other than websocket', get({ ':method': 'CONNECT' }, [':protocol', 'connect-udp']), 501],
    ['a too long :path', get({ ':path': `/${'x'.repeat(8192)}` }), 414],
    ['too many fields', get({}, ...Array.from({ length: 101 }, (_, i): Field => [`x-${i}`, 'x'])), 431],
    [
      'too large a header list',
      get({}, ...Array.from({ length: 9 }, (_, i): Field => [`x-${i}`, 'x'.repeat(2000)])),
      431,
    ],
  ])('Y1 F18 with %s is answered and reaches no backend', async (_, fields, status) => {
    const setup = await serving();
    setup.client.send(headers(1, fields));
    expect(await setup.client.status(1)).toBe(status);
    await setup.client.until(() => setup.client.isComplete(1));
    await expectUnharmed(setup);
    expect(setup.engine.count('web', 'errors')).toBe(1);
  });

  it('may have as many cookies as it likes within the header limit', async () => {
    const { client } = await serving();
    client.send(headers(1, get({}, ...Array.from({ length: 150 }, (_, i): Field => ['cookie', `c${i}=1`]))));
    expect(await client.status(1)).toBe(200);
  });

  it('with more fields than anyone sends is reset', async () => {
    const setup = await serving();
    setup.client.send(headers(1, get({}, ...Array.from({ length: 1000 }, (): Field => ['cookie', 'x']))));
    expect(await setup.client.resetCode(1)).toBe(ENHANCE_YOUR_CALM);
    await expectUnharmed(setup);
  });

  it.each<[string, Buffer[]]>([
    ['less than content-length', [post(['content-length', '5']), frame(TYPE.data, END_STREAM, 1, 'abc')]],
    ['trailers that hold a pseudo-field', [post(), headers(1, [[':path', '/z']])]],
    ['trailers in upper case', [post(), headers(1, [['X-A', 'z']])]],
  ])('Y1 with %s is never complete at the backend', async (_, frames) => {
    const { backend, client, engine } = await serving();
    client.send(Buffer.concat(frames));
    expect(await client.resetCode(1)).toBe(PROTOCOL_ERROR);
    client.send(headers(3, get({ ':path': '/next' })));
    expect(await client.status(3)).toBe(200);
    expect(backend.requests.map(({ target }) => target)).toEqual(['/next']);
    expect(engine.count('api/a', 'errors')).toBe(0);
  });

  it('Y1 with more than content-length is never complete at the backend', async () => {
    const { backend, client } = await serving();
    client.send(Buffer.concat([post(['content-length', '3']), frame(TYPE.data, END_STREAM, 1, 'abcdef')]));
    await client.until(() => client.of(TYPE.reset, 1).length > 0 || client.goawayCodes.length > 0);
    expect(backend.requests).toEqual([]);
  });

  it('Y1 of a stream number that is not a client’s ends the connection', async () => {
    const { backend, client } = await serving();
    client.send(headers(2, get()));
    await client.untilClosed();
    expect([backend.requests, client.goawayCodes]).toEqual([[], [PROTOCOL_ERROR]]);
  });

  it('that is no HTTP/2 at all ends the connection', async () => {
    const { client, engine } = await serving();
    client.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
    await client.untilOver();
    const other = await H2RawClient.connect(engine.port());
    open.push(other);
    other.send(headers(1, get()));
    expect(await other.status(1)).toBe(200);
  });

  it('F19 delivered byte by byte, padded and with a priority, is the same request', async () => {
    const { backend, client } = await serving();
    const block = headerBlock(get({ ':path': '/padded' }, ['x-a', 'b']));
    const payload = Buffer.concat([
      Buffer.from([4]),
      Buffer.alloc(4),
      Buffer.from([15]),
      block,
      Buffer.alloc(4),
    ]);
    const whole = frame(TYPE.headers, END_STREAM | END_HEADERS | 8 | 32, 1, payload);
    await client.trickle(whole.toString('latin1'));
    expect(await client.status(1)).toBe(200);
    expect(backend.requests.map(({ target }) => target)).toEqual(['/padded']);
  });
});
