// https listeners over real sockets: which certificate is shown, what is refused, and that HTTP behind
// TLS is the same HTTP.
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RawClient } from '../../support/raw-client.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import { handshakeError } from '../../support/tls-client.ts';
import { get, TlsScene } from '../../support/tls-scene.ts';

let scene: TlsScene;

beforeAll(async () => {
  scene = await TlsScene.create();
});

afterEach(() => scene.cleanUp());

describe('the certificate', () => {
  it.each([
    ['b.a.test', 'exact.cn'],
    ['B.A.TEST', 'exact.cn'],
    ['c.a.test', 'wildcard.cn'],
    ['C.a.Test', 'wildcard.cn'],
    ['x.c.a.test', 'other.cn'],
    ['nobody.test', 'other.cn'],
    ['', 'other.cn'],
  ])('X1 for "%s" is %s', async (name, subject) => {
    const { port } = await scene.serving();
    expect((await scene.connect(port, name)).shown).toBe(subject);
  });

  it('X1 is believed by a client that verifies it', async () => {
    const { port } = await scene.serving();
    const client = await scene.connect(port, 'c.a.test', { rejectUnauthorized: true });
    client.send(get('c.a.test'));
    const answer = await client.message();
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('X-Forwarded-Proto: https');
  });

  it.each(['nobody.test', 'x.c.a.test', ''])(
    'X2 is refused to "%s" with an alert where unknown names are',
    async (name) => {
      const { engine, port } = await scene.serving({ rejectUnknownName: true });
      const servername = name === '' ? {} : { servername: name };
      expect(await handshakeError(port, { ca: scene.authority.cert, ...servername })).toMatch(
        /UNRECOGNIZED_NAME/,
      );
      expect((await scene.connect(port, 'other.test')).shown).toBe('other.cn');
      await expect.poll(() => engine.count('web', 'errors')).toBe(1);
      expect(engine.count('web', 'requests')).toBe(0);
    },
  );

  it('arrives whole when the hello comes byte by byte', async () => {
    const { port } = await scene.serving();
    const relay = scene.use(await RawServer.listen());
    const shown = scene.connect(relay.port, 'b.a.test');
    const near = await relay.connection();
    const far = scene.use(await RawClient.connect(port));
    far.socket.on('data', (chunk: Buffer) => near.send(chunk));
    await near.until(() => near.received.length > 1000);
    await far.trickle(near.text);
    // The second flight, whole.
    const first = near.received.length;
    near.socket.on('data', (chunk: Buffer) => far.send(chunk));
    await near.until(() => near.received.length >= first);
    expect((await shown).shown).toBe('exact.cn');
  });
});

describe('a request', () => {
  it('X2 for a host of another certificate is misdirected, and the connection goes on', async () => {
    const { engine, backend, port } = await scene.serving();
    const client = await scene.connect(port, 'b.a.test');
    client.send(get('other.test'));
    expect((await client.message()).status).toBe(421);
    client.send(get('B.a.test:8443'));
    expect((await client.message()).status).toBe(200);
    expect(backend.requests).toHaveLength(1);
    expect(engine.count('web', 'status4xx')).toBe(1);
  });

  it('X2 for a host no certificate names, or another of the same one, is served', async () => {
    const { port } = await scene.serving();
    const client = await scene.connect(port, 'c.a.test');
    for (const host of ['d.a.test', '127.0.0.1', 'nobody.test']) {
      client.send(get(host));
      expect([host, (await client.message()).status]).toEqual([host, 200]);
    }
  });

  it('X2 for a host no certificate names is misdirected where unknown names are refused', async () => {
    const { port } = await scene.serving({ rejectUnknownName: true });
    const client = await scene.connect(port, 'c.a.test');
    for (const [host, status] of [
      ['d.a.test', 200],
      ['d.a.test.:8443', 200],
      ['nobody.test', 421],
      ['nobody.test.', 421],
      ['127.0.0.1', 421],
    ] as const) {
      client.send(get(host));
      expect([host, (await client.message()).status]).toEqual([host, status]);
    }
    client.send('GET / HTTP/1.0\r\n\r\n');
    expect((await client.message()).status).toBe(200);
  });

  it('X2 without a server name was shown the first certificate, and is misdirected to others', async () => {
    const { port } = await scene.serving();
    const client = await scene.connect(port, '');
    client.send(get('other.test'));
    expect((await client.message()).status).toBe(200);
    client.send(get('b.a.test'));
    expect((await client.message()).status).toBe(421);
  });

  it('X2 over HTTP/2 for a host of another certificate is misdirected by itself', async () => {
    const { backend, port } = await scene.serving({ http2: true });
    const session = connectHttp2(`https://127.0.0.1:${port}`, {
      servername: 'b.a.test',
      ca: scene.authority.cert,
    });
    scene.use({ [Symbol.asyncDispose]: async () => session.destroy() });
    const statusFor = async (authority: string) => {
      const stream = session.request({ ':authority': authority, ':path': '/' });
      stream.resume();
      const [headers] = await once(stream, 'response');
      return headers[':status'];
    };
    expect(await Promise.all(['b.a.test', 'other.test', 'nobody.test'].map(statusFor))).toEqual([
      200, 421, 200,
    ]);
    expect(session.alpnProtocol).toBe('h2');
    expect(backend.requests).toHaveLength(2);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('F1 F20 is framed over %s as in clear text', async (version) => {
    const { backend, port } = await scene.serving();
    const client = await scene.connect(port, 'c.a.test', { minVersion: version, maxVersion: version });
    client.send(get('c.a.test', '/1') + get('c.a.test', '/2'));
    expect((await client.message()).status).toBe(200);
    expect((await client.message()).status).toBe(200);
    expect(backend.requests.map((request) => request.target)).toEqual(['/1', '/2']);
    client.send(
      'POST / HTTP/1.1\r\nHost: c.a.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n',
    );
    expect((await client.message()).status).toBe(400);
    await client.until(() => client.ended);
    expect(backend.requests).toHaveLength(2);
  });

  it('S4 whose response is cut short ends in a reset, not in a TLS close', async () => {
    const backend = scene.use(await RawServer.listen());
    const engine = await scene.inFrontOf(backend);
    const client = await scene.connect(engine.port(), 'c.a.test');
    client.send(get('c.a.test'));
    const connection = await backend.connection();
    await connection.message();
    connection.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.');
    await client.until(() => client.text.includes('ten bytes.'));
    connection.end();
    await client.untilClosed();
    expect(client.errorCode).toBe('ECONNRESET');
  });

  it('H7 carries a large body both ways', async () => {
    const backend = scene.use(await RawServer.listen((request) => ok(request.body)));
    const engine = await scene.inFrontOf(backend);
    const client = await scene.connect(engine.port(), 'c.a.test');
    const body = 'sixteen bytes...'.repeat(40_000);
    client.send(`PUT / HTTP/1.1\r\nHost: c.a.test\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    expect((await client.message()).body === body).toBe(true);
  });
});

describe('what is no TLS', () => {
  it('X3 gets 400 in clear text where it is HTTP, and harms nobody', async () => {
    const { engine, port } = await scene.serving();
    await using client = await RawClient.connect(port);
    client.send(get('c.a.test'));
    const answer = await client.message();
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('https://');
    await client.until(() => client.ended);
    client.end();
    await client.untilClosed();
    await expect.poll(() => engine.count('web', 'errors')).toBe(1);
    expect((await scene.connect(port, 'b.a.test')).shown).toBe('exact.cn');
  });

  it.each([
    ['a broken hello', Buffer.from([22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff])],
    ['an alert', Buffer.from([21, 3, 1, 0, 2, 1, 0])],
    ['a record of no known version', Buffer.from([22, 9, 9, 0, 4, 1, 0, 0, 0])],
    ['noise', Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i === 0 ? 22 : (i * 7919) % 256)))],
  ])('X3 is closed when it is %s', async (_, bytes) => {
    const { engine, port } = await scene.serving();
    await using client = await RawClient.connect(port);
    client.send(bytes);
    await client.until(() => client.ended || client.closed);
    client.end();
    await client.untilClosed();
    await expect.poll(() => engine.count('web', 'errors')).toBe(1);
    expect((await scene.connect(port, 'b.a.test')).shown).toBe('exact.cn');
  });

  it('X3 is closed when a handshake does not get on', async () => {
    const timeouts = { tlsHandshakeMs: 100, requestHeaderMs: 600_000 };
    const { engine, port } = await scene.serving({}, { timeouts });
    await using silent = await RawClient.connect(port);
    await using stuck = await RawClient.connect(port);
    stuck.send(Buffer.from([22, 3, 1, 2, 0, 1, 0]));
    await silent.until(() => silent.closed || silent.ended);
    await stuck.until(() => stuck.closed || stuck.ended);
    // A connection that says nothing is no failed handshake.
    await expect.poll(() => engine.count('web', 'errors')).toBe(1);
  });

  it('X3 is closed when a client leaves the answer to its hello unanswered, others are not', async () => {
    const timeouts = { tlsHandshakeMs: 100, requestHeaderMs: 600_000 };
    const { engine, port } = await scene.serving({}, { timeouts });
    const done = await scene.connect(port, 'b.a.test');
    await using deaf = await RawClient.connect(port);
    const hello = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, written) => {
        deaf.send(chunk);
        written();
      },
    });
    const unheard = connectTls({ socket: hello, servername: 'b.a.test' }).on('error', () => undefined);
    await deaf.until(() => deaf.receivedTotal > 0);
    await deaf.until(() => deaf.closed || deaf.ended);
    unheard.destroy();
    // Its handshake began earlier, so its time would have been over.
    done.send(get('b.a.test'));
    expect((await done.message()).status).toBe(200);
    await expect.poll(() => engine.count('web', 'errors')).toBe(1);
    await expect.poll(() => engine.records.map(({ failure }) => failure)).toContain('tls-handshake');
  });

  it('X3 has as long for its handshake as that may take, however short a request header may', async () => {
    const timeouts = { tlsHandshakeMs: 500, requestHeaderMs: 1 };
    const { port } = await scene.serving({}, { timeouts });
    const startedMs = performance.now();
    await using stuck = await RawClient.connect(port);
    stuck.send(Buffer.from([22, 3, 1, 2, 0, 1, 0]));
    await stuck.until(() => stuck.closed || stuck.ended);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(timeouts.tlsHandshakeMs);
  });

  it('X3 is nothing when a client leaves in the middle of its hello', async () => {
    const { engine, port } = await scene.serving();
    for (const leave of ['end', 'reset'] as const) {
      const client = await RawClient.connect(port);
      client.send(Buffer.from([22, 3, 1, 2, 0, 1, 0]));
      await new Promise((resolve) => client.socket.write('', resolve));
      if (leave === 'end') client.end();
      else client.socket.resetAndDestroy();
      await client.untilClosed();
    }
    expect((await scene.connect(port, 'b.a.test')).shown).toBe('exact.cn');
    await expect.poll(() => engine.count('web', 'connections')).toBe(1);
  });
});

describe('a handshake', () => {
  it('ends in an alert when the protocols do not meet', async () => {
    const { engine, port } = await scene.serving();
    expect(
      await handshakeError(port, { ca: scene.authority.cert, servername: 'b.a.test', ALPNProtocols: ['h3'] }),
    ).toMatch(/NO_APPLICATION_PROTOCOL/);
    const client = await scene.connect(port, 'b.a.test', { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(client.tls.alpnProtocol).toBe('http/1.1');
    const records = await engine.until((report) => report.type === 'requests');
    expect(records.type === 'requests' && records.records.map((record) => record.failure)).toEqual([
      'tls-handshake',
    ]);
  });

  it('needs the oldest version that is accepted', async () => {
    const { port } = await scene.serving({ minVersion: 'TLSv1.3' });
    const options = { ca: scene.authority.cert, servername: 'b.a.test' };
    expect(await handshakeError(port, { ...options, maxVersion: 'TLSv1.2' })).toMatch(/PROTOCOL_VERSION/);
    expect(await handshakeError(port, options)).toBe('');
  });

  it('is given up when the engine stops', async () => {
    const { engine, port } = await scene.serving();
    await using client = await RawClient.connect(port);
    client.send(Buffer.from([22, 3, 1]));
    await engine.stop(0);
    await client.until(() => client.closed || client.ended);
  });
});

describe('a listener', () => {
  it('turns from clear text to TLS and back on the same port', async () => {
    const { engine, backend } = await scene.serving();
    const pools = { api: { backends: { a: backend.port } } };
    await engine.apply({ pools, listeners: { web: {} } });
    await using plain = await RawClient.connect(engine.port());
    plain.send(get('a'));
    expect((await plain.message()).status).toBe(200);
    await engine.apply({ pools, listeners: { web: { tls: scene.tls() } } });
    expect((await scene.connect(engine.port(), 'b.a.test')).shown).toBe('exact.cn');
    plain.send(get('a'));
    expect((await plain.message()).status).toBe(200);
  });

  it('lets a client upgrade to a tunnel over TLS', async () => {
    const backend = scene.use(await RawServer.listen());
    const engine = await scene.inFrontOf(backend);
    const client = await scene.connect(engine.port(), 'c.a.test');
    client.send('GET / HTTP/1.1\r\nHost: c.a.test\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    const connection = await backend.connection();
    await connection.message();
    connection.send('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nearly');
    await client.until(() => client.text.endsWith('early'));
    client.send('ping');
    await connection.until(() => connection.text === 'ping');
    client.end();
    await connection.until(() => connection.ended);
    connection.send('late');
    connection.end();
    await client.until(() => client.text.endsWith('late') && client.ended);
    await once(client.socket, 'close');
  });
});
