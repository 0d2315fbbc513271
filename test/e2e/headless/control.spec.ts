// The control endpoint of the shipping headless host: who may talk to it, and what it answers to those
// who may look without a token.
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type NamedBackend, startBackend } from '../../support/backends.ts';
import { type TempDir, tempDir } from '../../support/core-harness.ts';
import { type Headless, startHeadless } from '../../support/headless.ts';
import { type Ask, ask, HttpClient } from '../../support/http-get.ts';
import { apiConfig, QUICK_CHECK } from '../../support/test-config.ts';

let dir: TempDir;
let one: NamedBackend;
let dead: NamedBackend;
let sluice: Headless;

beforeAll(async () => {
  dir = tempDir();
  one = await startBackend('api-1');
  dead = await startBackend('api-2');
  await dead.close();
  const config = apiConfig([one, dead], { healthCheck: QUICK_CHECK });
  sluice = await startHeadless('--config', dir.write('sluice.json', config), '--data', `${dir.path}/data`);
  using client = new HttpClient(1);
  await client.many(sluice.url(), 9, 1);
  await client.ask(`${sluice.url()}/status/404`);
  await sluice.view.untilBackend('api', 'api-1', 'has counted', (b) => b.requests === 10);
  await sluice.view.untilState('api', 'api-2', 'down');
});
afterAll(async () => {
  await sluice?.[Symbol.asyncDispose]();
  await one?.close();
  dir?.remove();
});

const get = (path: string, options?: Ask) => ask(sluice.ready.control + path, options);
const authority = () => new URL(sluice.ready.control).host;
const bearer = () => ({ authorization: `Bearer ${sluice.ready.token}` });
const rpc = (headers: Record<string, string>, body = '{}') =>
  get('/rpc/status.get', { method: 'POST', headers, body });

describe('an operation over HTTP', () => {
  it('is answered to who sends the token', async () => {
    const answer = await rpc({ ...bearer(), origin: `http://${authority()}` });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ ok: true, value: { revision: 1, appliedRevision: 1 } });
    // Without a body the input is empty, so that a plain `curl -X POST` works.
    expect((await rpc(bearer(), '')).status).toBe(200);
  });

  it.each<[what: string, headers: () => Record<string, string>, status: number, code: string]>([
    ['no token', () => ({}), 401, 'unauthorized'],
    ['a wrong token', () => ({ authorization: 'Bearer wrong' }), 401, 'unauthorized'],
    [
      'the token in another scheme',
      () => ({ authorization: `Basic ${sluice.ready.token}` }),
      401,
      'unauthorized',
    ],
    [
      'a part of the token',
      () => ({ authorization: bearer().authorization.slice(0, -1) }),
      401,
      'unauthorized',
    ],
    ['the name of another host', () => ({ ...bearer(), host: 'sluice.example' }), 403, 'forbidden'],
    ['loopback at another port', () => ({ ...bearer(), host: '127.0.0.1:1' }), 403, 'forbidden'],
    ['the origin of another page', () => ({ ...bearer(), origin: 'https://evil.example' }), 403, 'forbidden'],
    ['an opaque origin', () => ({ ...bearer(), origin: 'null' }), 403, 'forbidden'],
  ])('with %s is refused', async (_, headers, status, code) => {
    const answer = await rpc(headers());
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code } });
    expect(answer.body).not.toContain(sluice.ready.token);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('that is not JSON, not a POST or not known is refused in its own words', async () => {
    const broken = await rpc(bearer(), '{');
    expect([broken.status, JSON.parse(broken.body)]).toMatchObject([422, { error: { code: 'invalid' } }]);
    const fetched = await get('/rpc/status.get', { headers: bearer() });
    expect([fetched.status, fetched.headers.allow]).toEqual([405, 'POST']);
    const unknown = await get('/rpc/no.such', { method: 'POST', headers: bearer() });
    expect(unknown.status).toBe(404);
  });
});

describe('what may be seen without a token', () => {
  it('is healthz', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
  });

  it('is stats, with the names other programs rely on', async () => {
    const answer = await get('/stats');
    expect(answer.headers['content-type']).toBe('application/json');
    expect(JSON.parse(answer.body)).toEqual({
      total_backends: 2,
      healthy_backends: 1,
      backends: [
        {
          url: `http://${one.address}`,
          alive: true,
          total_requests: 10,
          total_errors: 0,
          total_retries: 0,
          total_resends: 0,
          error_rate: 0,
          avg_response_time: expect.any(Number),
        },
        expect.objectContaining({ url: `http://${dead.address}`, alive: false, avg_response_time: 0 }),
      ],
    });
  });

  it('is metrics in the text format of Prometheus', async () => {
    const answer = await get('/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = answer.body.split('\n');
    expect(lines.at(-1)).toBe('');
    const sample = /^[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? -?[0-9][0-9.e+-]*$/;
    const described = new Set<string | undefined>();
    for (const line of lines.slice(0, -1)) {
      const comment = /^# (?:HELP|TYPE) ([a-z_]+) (summary$)?/.exec(line);
      if (comment?.[2]) for (const part of ['_sum', '_count']) described.add(comment[1] + part);
      if (comment) described.add(comment[1]);
      else {
        expect(line).toMatch(sample);
        expect(described).toContain(line.split(/[{ ]/)[0]);
      }
    }
    expect(lines).toContain('sluice_backend_requests_total{pool="api",backend="api-1"} 10');
    expect(lines).toContain('sluice_backend_response_seconds_count{pool="api",backend="api-1"} 10');
    expect(lines).toContain('sluice_backend_up{pool="api",backend="api-2"} 0');
    expect(lines).toContain('sluice_listener_up{listener="web"} 1');
    expect(lines).toContain('sluice_listener_connections_refused_total{listener="web"} 0');
  });

  it.each(['/healthz', '/stats', '/metrics', '/'])(
    '%s is refused under the name of another host',
    async (path) => {
      expect((await get(path, { headers: { host: 'sluice.example' } })).status).toBe(403);
    },
  );

  it('is the page, which never holds the token and may load nothing from elsewhere', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(assets.length).toBeGreaterThan(0);
    const answers = await Promise.all(assets.map((path) => get(new URL(path, 'http://x/').pathname)));
    for (const answer of answers) expect(answer.status).toBe(200);
    for (const answer of [page, ...answers]) expect(answer.body).not.toContain(sluice.ready.token);
  });

  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/%',
    '/%00',
    '//',
    '//etc/passwd',
    'http://127.0.0.1/index.html',
  ])('is no file outside the page: %s', async (path) => {
    const answer = await rawGet(path);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  it('is nothing that changes anything', async () => {
    expect((await get('/stats', { method: 'POST' })).status).toBe(405);
    expect((await get('/nowhere')).status).toBe(404);
  });
});

describe('the WebSocket', () => {
  it.each<[what: string, first: string]>([
    ['no token', JSON.stringify({ t: 'subscribe' })],
    ['a wrong token', JSON.stringify({ t: 'auth', token: 'wrong' })],
    ['what is not JSON', 'hello'],
    ['null', 'null'],
  ])('that begins with %s is closed with 4401 and told nothing', async (_, first) => {
    const { code, messages } = await untilClosed(`ws://${authority()}/events`, {}, first);
    expect(code).toBe(4401);
    expect(messages).toEqual([]);
  });

  it.each<[what: string, path: string, headers: Record<string, string>, status: string]>([
    ['of another page', '/events', { origin: 'https://evil.example' }, '403'],
    ['of another host', '/events', { host: 'sluice.example' }, '403'],
    ['at another path', '/other', {}, '404'],
    ['at a path that is no URL', '//', {}, '404'],
  ])('%s is not opened', async (_, path, headers, status) => {
    const lines = Object.entries({ host: authority(), ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const answer = await raw(
      `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await get('/healthz')).status).toBe(200);
  });

  it('of a program may carry the token in its header', async () => {
    const socket = new WebSocket(`ws://${authority()}/events`, { headers: bearer() });
    const first = new Promise<string>((resolve, reject) => {
      socket.once('message', (data) => resolve(String(data)));
      socket.once('error', reject);
      socket.once('open', () => socket.send(JSON.stringify({ t: 'subscribe' })));
    });
    expect(JSON.parse(await first)).toMatchObject({
      t: 'snapshot',
      snapshot: { info: { host: 'headless' } },
    });
    socket.terminate();
  });

  it('survives messages that are not of the protocol', async () => {
    const socket = new WebSocket(`ws://${authority()}/events`, { headers: bearer() });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    const answer = new Promise<string>((resolve, reject) => {
      socket.once('message', (data) => resolve(String(data)));
      socket.once('error', reject);
    });
    await new Promise((resolve) => socket.once('open', resolve));
    for (const nonsense of ['[]', '{"t":7}', '{"t":"call"}', '{"t":"call","id":1,"op":{"a":1}}'])
      socket.send(nonsense);
    expect(JSON.parse(await answer)).toMatchObject({ t: 'result', result: { error: { code: 'not-found' } } });
    socket.send('not JSON');
    expect(await closed).toBe(1007);
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('the token', () => {
  it('is nowhere on the disk and not in the log', () => {
    const files = readdirSync(dir.path, { recursive: true, encoding: 'utf8', withFileTypes: true });
    expect(files.length).toBeGreaterThan(2);
    for (const file of files.filter((entry) => entry.isFile())) {
      const content = readFileSync(join(file.parentPath, file.name), 'latin1');
      expect(content.includes(sluice.ready.token), file.name).toBe(false);
    }
    expect(sluice.output().stderr).not.toContain(sluice.ready.token);
  });
});

function rawGet(path: string): Promise<string> {
  return raw(`GET ${path} HTTP/1.1\r\nHost: ${authority()}\r\nConnection: close\r\n\r\n`);
}

/** Sends the bytes and returns everything that came back until the end. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(sluice.ready.control);
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
    socket.write(text);
  });
}

function untilClosed(url: string, headers: Record<string, string>, first: string) {
  return new Promise<{ code: number; messages: string[] }>((resolve, reject) => {
    const messages: string[] = [];
    const socket = new WebSocket(url, { headers });
    socket.on('message', (data) => messages.push(String(data)));
    socket.once('open', () => socket.send(first));
    socket.once('error', reject);
    socket.once('close', (code) => resolve({ code, messages }));
  });
}
