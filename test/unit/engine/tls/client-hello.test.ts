// The first bytes of a connection, as real clients send them and as nobody should.
import net from 'node:net';
import tls from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_HELLO_BYTES, readFirstBytes } from '../../../../src/main/engine/tls/client-hello.ts';

/** What Node's own client begins with. */
async function helloOf(options: tls.ConnectionOptions): Promise<Buffer> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bytes = await new Promise<Buffer>((resolve) => {
    server.once('connection', (socket) => {
      let held = Buffer.alloc(0);
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        held = Buffer.concat([held, chunk]);
        if (held.length < 5 || held.length < 5 + held.readUInt16BE(3)) return;
        socket.destroy();
        resolve(held);
      });
    });
    const { port } = server.address() as net.AddressInfo;
    tls.connect({ port, host: '127.0.0.1', ...options }).on('error', () => undefined);
  });
  server.close();
  return bytes;
}

/** The same handshake message cut into records of `size` bytes. */
function fragmented(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const fragment = message.subarray(at, at + size);
    records.push(Buffer.from([22, 3, 1, fragment.length >> 8, fragment.length & 0xff]), fragment);
  }
  return Buffer.concat(records);
}

describe('readFirstBytes', () => {
  let hello: Buffer;
  let nameless: Buffer;
  beforeAll(async () => {
    hello = await helloOf({ servername: 'App.Example.TEST' });
    nameless = await helloOf({});
  });

  it('X1 finds the server name, in lower case', () => {
    expect(readFirstBytes(hello)).toEqual({ kind: 'hello', serverName: 'app.example.test' });
  });

  it('finds none where none is sent', () => {
    expect(readFirstBytes(nameless)).toEqual({ kind: 'hello', serverName: '' });
  });

  it('waits for every byte of the hello', () => {
    for (let length = 0; length < hello.length; length++) {
      expect(readFirstBytes(hello.subarray(0, length)).kind).toBe('incomplete');
    }
  });

  it.each([1, 7, 100])('joins records of %d bytes', (size) => {
    expect(readFirstBytes(fragmented(hello, size))).toEqual({
      kind: 'hello',
      serverName: 'app.example.test',
    });
  });

  it.each([
    ['HTTP', 'GET / HTTP/1.1\r\n'],
    ['HTTP/2 with prior knowledge', 'PRI * HTTP/2.0\r\n'],
    ['SSH', 'SSH-2.0-x\r\n'],
    ['a hello of SSLv2', '\x80\x2e\x01\x00\x02'],
  ])('X3 knows %s for clear text', (_, text) => {
    expect(readFirstBytes(Buffer.from(text, 'latin1'))).toEqual({ kind: 'clear-text' });
  });

  it('leaves what is malformed to OpenSSL', () => {
    const nameless = { kind: 'hello', serverName: '' };
    const notHello = Buffer.from(hello);
    notHello[5] = 2;
    expect(readFirstBytes(notHello)).toEqual(nameless);
    const wrongVersion = Buffer.from(hello);
    wrongVersion[1] = 9;
    expect(readFirstBytes(wrongVersion)).toEqual(nameless);
    expect(readFirstBytes(Buffer.from([22, 3, 1, 0, 0]))).toEqual(nameless);
    expect(readFirstBytes(Buffer.from([22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff]))).toEqual(nameless);
    const endless = Buffer.alloc(MAX_HELLO_BYTES + 1, 22);
    expect(readFirstBytes(endless)).toEqual(nameless);
  });

  it('survives any damage, with a name or without', () => {
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state % below;
    };
    let others = 0;
    for (let round = 0; round < 3000; round++) {
      const damaged = Buffer.from(hello.subarray(0, 9 + random(hello.length - 9)));
      for (let i = 0; i < 4; i++) damaged[random(damaged.length)] = random(256);
      if (readFirstBytes(damaged).kind !== 'incomplete') others++;
    }
    expect(others).toBeGreaterThan(0);
  });
});
