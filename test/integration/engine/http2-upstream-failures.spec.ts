// Backends that speak HTTP/2 and go wrong: what is safe to send again is, what is cut short shows.
import { describe, expect, it, vi } from 'vitest';
import { testAuthority } from '../../support/certificates.ts';
import { EngineHarness, type PoolWords } from '../../support/engine-harness.ts';
import { H2Backend, H2RawBackend, respond } from '../../support/h2-backends.ts';
import { END_HEADERS, frame, headers, TYPE, uint32 } from '../../support/h2-frames.ts';
import { disposedAfterEach } from '../../support/opened.ts';
import { RawServer } from '../../support/raw-server.ts';
import { ask, GET, POST } from '../../support/single-requests.ts';

const OK = [[':status', '200']] as const;
const opened = disposedAfterEach();

async function engineFor(backends: PoolWords['backends'], pool: Partial<PoolWords> = {}) {
  return opened(await EngineHarness.serving(backends, { protocol: 'http2', ...pool }));
}

describe('an HTTP/2 backend that goes wrong', () => {
  async function raw(first?: Buffer | null, pool: Partial<PoolWords> = {}) {
    const backend = opened(await H2RawBackend.listen(first));
    const good = opened(await H2Backend.listen((request) => respond(request, 'good')));
    const engine = await engineFor({ bad: backend.port }, pool);
    return { backend, good, engine };
  }

  /** A pool whose first choice is the raw backend. */
  async function withSpare(first?: Buffer | null) {
    const setup = await raw(first);
    const { backend, good } = setup;
    const engine = await engineFor({ bad: backend.port, good: good.port });
    return { ...setup, engine };
  }

  it.each([GET, POST])('R10 refuses a stream: %j goes elsewhere', async (request) => {
    const { backend, engine, good } = await withSpare();
    const answer = ask(engine, request);
    const connection = await backend.connection();
    await connection.frame(TYPE.headers, 1);
    connection.send(frame(TYPE.reset, 0, 1, uint32(7)));
    expect((await answer).body).toBe('good');
    expect(good.requests).toHaveLength(1);
    expect(engine.count('api/bad', 'retries')).toBe(1);
  });

  it('R10 goes away without having begun a POST: it goes elsewhere', async () => {
    const { backend, engine } = await withSpare();
    const answer = ask(engine, POST);
    const connection = await backend.connection();
    await connection.frame(TYPE.headers, 1);
    connection.send(frame(TYPE.goaway, 0, 0, Buffer.concat([uint32(0), uint32(0)])));
    expect((await answer).body).toBe('good');
  });

  it('R10 goes away with an error: what it had not begun goes elsewhere, what it had does not', async () => {
    const { backend, engine } = await withSpare();
    const first = ask(engine, POST);
    const connection = await backend.connection();
    await connection.frame(TYPE.headers, 1);
    const second = Promise.all([ask(engine, POST), ask(engine, POST)]);
    await connection.frame(TYPE.headers, 3);
    connection.send(frame(TYPE.goaway, 0, 0, Buffer.concat([uint32(1), uint32(2)])));
    expect((await first).status).toBe(502);
    expect((await second).map(({ body }) => body)).toEqual(['good', 'good']);
  });

  it('R3 goes away with one POST unbegun on a kept session: it is sent once more to the same backend', async () => {
    const { backend, engine } = await raw();
    const first = ask(engine);
    const connection = await backend.connection();
    await connection.frame(TYPE.headers, 1);
    connection.send(headers(1, OK));
    expect((await first).status).toBe(200);
    const second = ask(engine, POST);
    await connection.frame(TYPE.headers, 3);
    connection.send(frame(TYPE.goaway, 0, 0, Buffer.concat([uint32(1), uint32(0)])));
    const next = await backend.connection(1);
    await next.frame(TYPE.headers, 1);
    await next.until(() => next.data(1) === 'hello', 'the body');
    next.send(headers(1, OK));
    expect((await second).status).toBe(200);
  });

  it('R10 goes away with one POST unbegun beside an answer that goes on: it is sent once more', async () => {
    const { backend, engine } = await raw();
    await using reader = await engine.client();
    reader.send(GET);
    const connection = await backend.connection();
    await connection.frame(TYPE.headers, 1);
    connection.send(Buffer.concat([headers(1, OK, END_HEADERS), frame(TYPE.data, 0, 1, 'event')]));
    await reader.untilText('event');
    const second = ask(engine, POST);
    await connection.frame(TYPE.headers, 3);
    connection.send(frame(TYPE.goaway, 0, 0, Buffer.concat([uint32(1), uint32(0)])));
    const next = await backend.connection(1);
    await next.frame(TYPE.headers, 1);
    next.send(headers(1, OK));
    expect((await second).status).toBe(200);
    expect(engine.count('api/bad', 'errors')).toBe(0);
  });

  it('R2 closes without answering: a GET goes elsewhere, a POST does not', async () => {
    const { backend, engine } = await withSpare();
    for (const [n, request, status] of [
      [0, GET, 200],
      [1, POST, 502],
    ] as const) {
      const answer = ask(engine, request);
      const connection = await backend.connection(n);
      await connection.frame(TYPE.headers, 1);
      connection.socket.destroy();
      expect((await answer).status).toBe(status);
      if (n === 0) expect((await ask(engine)).body).toBe('good');
    }
  });

  it.each([
    ['with an error', frame(TYPE.reset, 0, 1, uint32(2))],
    ['with none', frame(TYPE.reset, 0, 1, uint32(0))],
    ['with the end of its connection', null],
  ])('S5 breaks off its answer %s: the client’s is broken off', async (_, end) => {
    const { backend, engine } = await raw();
    await using client = await engine.client();
    client.send(GET);
    const connection = await backend.connection();
    await connection.frame(TYPE.headers, 1);
    connection.send(headers(1, OK, END_HEADERS)).send(frame(TYPE.data, 0, 1, 'part'));
    await client.untilText('part');
    if (end === null) connection.end();
    else connection.send(end);
    await client.untilClosed();
    expect(client.errorCode).toBe('ECONNRESET');
    expect(client.text.endsWith('0\r\n\r\n')).toBe(false);
    await vi.waitFor(() =>
      expect(engine.records.map(({ failure }) => failure)).toEqual(['response-truncated']),
    );
  });

  it('S4 sends less than it announced: the client’s answer is broken off', async () => {
    const { backend, engine } = await raw();
    await using client = await engine.client();
    client.send(GET);
    const connection = await backend.connection();
    await connection.frame(TYPE.headers, 1);
    connection
      .send(headers(1, [...OK, ['content-length', '10']], END_HEADERS))
      .send(frame(TYPE.data, 1, 1, 'part'));
    await client.untilClosed();
    expect(client.errorCode).toBe('ECONNRESET');
  });

  it.each([
    ['without status', [['x-a', '1']]],
    ['with a connection field', [...OK, ['connection', 'close']]],
    ['with two lengths', [...OK, ['content-length', '1'], ['content-length', '2']]],
    ['that switches protocols', [[':status', '101']]],
  ] as const)('F23 answers %s: 502', async (_, fields) => {
    const { backend, engine } = await raw();
    const answer = ask(engine);
    const connection = await backend.connection();
    await connection.frame(TYPE.headers, 1);
    connection.send(headers(1, fields as never));
    expect((await answer).status).toBe(502);
  });

  it('does not speak HTTP/2: the next one is tried, whatever the method, and it is named', async () => {
    const old = opened(await RawServer.listen(() => 'HTTP/1.1 400 Bad Request\r\n\r\n'));
    const silent = opened(await H2RawBackend.listen(null));
    const good = opened(await H2Backend.listen((request) => respond(request, 'good')));
    const engine = await engineFor({ old: old.port, good: good.port });
    expect((await ask(engine, POST)).body).toBe('good');
    const alone = await engineFor({ old: old.port });
    const { status, body } = await ask(alone);
    expect([status, body]).toEqual([502, expect.stringContaining('it did not answer in HTTP/2')]);
    const waiting = await engineFor({ silent: silent.port }, { timeouts: { connectMs: 200 } });
    const late = await ask(waiting);
    expect([late.status, late.body]).toEqual([504, expect.stringContaining('it sent no HTTP/2 settings')]);
  });

  it('refuses connections, or HTTP/2 over TLS: 502 that says so', async () => {
    const gone = await RawServer.listen();
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    expect((await ask(await engineFor({ gone: port }))).body).toContain('refused the connection');
    const authority = await testAuthority();
    const pair = await authority.issue(['IP:127.0.0.1']);
    const old = opened(await RawServer.listen(undefined, 0, { ...pair }));
    const words = { tls: { verify: true, serverName: '', ca: authority.cert } };
    expect((await ask(await engineFor({ old: old.port }, words))).body).toContain(
      'it does not offer HTTP/2 (ALPN)',
    );
  });

  it('falls silent: the request is over in time, and a session that is dead is used no more', async () => {
    const { backend, engine } = await raw(undefined, { timeouts: { responseHeaderMs: 200, connectMs: 200 } });
    const first = await ask(engine);
    expect([first.status, first.body]).toEqual([504, expect.stringContaining('did not answer in time')]);
    const connection = await backend.connection();
    expect((await connection.frame(TYPE.reset, 1)).payload.readUInt32BE()).toBe(8);
    await connection.frame(TYPE.ping, 0);
    const second = ask(engine);
    const next = await backend.connection(1);
    await next.frame(TYPE.headers, 1);
    next.send(headers(1, OK));
    expect((await second).status).toBe(200);
    await connection.untilOver();
    expect(engine.count('api/bad', 'connections')).toBe(1);
  });
});
