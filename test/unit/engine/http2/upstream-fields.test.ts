import { describe, expect, it } from 'vitest';
import { BODY, type RequestHead } from '../../../../src/main/engine/exchange/message.ts';
import { acceptOf } from '../../../../src/main/engine/exchange/web-socket-handshake.ts';
import { parseRequestHead } from '../../../../src/main/engine/http1/head-request.ts';
import {
  errorName,
  http2RequestFields,
  http2ResponseHead,
  webSocketSwitch,
} from '../../../../src/main/engine/http2/upstream-fields.ts';

const TO = { scheme: 'https', authority: '10.0.0.1:443' } as const;
const PLAIN = { ended: false, trailersAnywhere: false };

function request(text: string): RequestHead {
  const head = parseRequestHead(text, { headerLines: 100, urlBytes: 1000 });
  if (!('method' in head)) throw new Error(head.reason);
  return head;
}

const GET = request('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
const HEAD = request('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
const UPGRADE = request(
  'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
);

describe('the fields of a request', () => {
  it('are those of its HTTP/1.1 text without what belongs to that connection', () => {
    const text =
      'POST /a HTTP/1.1\r\nHost: A\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\nConnection: TE\r\nX-Forwarded-For: ::1\r\n\r\n';
    const head = { ...request(text), host: 'A' };
    expect(http2RequestFields(head, text, TO)).toEqual([
      ...[':method', 'POST', ':scheme', 'https', ':authority', 'A', ':path', '/a'],
      ...['X-One', '1', 'TE', 'trailers', 'X-Forwarded-For', '::1'],
    ]);
  });

  it('name the backend when the request names no host', () => {
    const text = 'GET / HTTP/1.0\r\nHost: \r\n\r\n';
    expect(http2RequestFields({ ...GET, host: '' }, text, TO).slice(4, 6)).toEqual([
      ':authority',
      '10.0.0.1:443',
    ]);
  });

  it('ask for a WebSocket without its HTTP/1.1 handshake', () => {
    const text =
      'GET /chat HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect(http2RequestFields(UPGRADE, text, TO)).toEqual([
      ...[':method', 'CONNECT', ':protocol', 'websocket', ':scheme', 'https', ':authority', 'a'],
      ...[':path', '/chat', 'Sec-WebSocket-Version', '13'],
    ]);
  });
});

describe('the head of a response', () => {
  it.each([
    ['with a length', ['content-length', '5'], GET, PLAIN, BODY.length, 5],
    [
      'with a length and room for trailers',
      ['content-length', '5'],
      GET,
      { ended: false, trailersAnywhere: true },
      BODY.chunked,
      5,
    ],
    ['without one', [], GET, PLAIN, BODY.chunked, -1],
    ['that is all', [], GET, { ended: true, trailersAnywhere: false }, BODY.none, 0],
    ['of length 0', ['content-length', '0'], GET, PLAIN, BODY.none, 0],
    ['to HEAD', ['content-length', '5'], HEAD, PLAIN, BODY.none, 5],
    ['to HEAD that is all', [], HEAD, { ended: true, trailersAnywhere: false }, BODY.none, -1],
  ] as const)('%s says how its body is framed', (_, more, asked, framing, body, contentLength) => {
    const head = http2ResponseHead([':status', '200', ...more], asked, framing);
    expect(head).toMatchObject({
      status: 200,
      reason: 'OK',
      body,
      contentLength,
      version: '2',
      keepAlive: true,
    });
  });

  it.each(['204', '304'])('of %s has no body, whatever follows', (status) => {
    expect(http2ResponseHead([':status', status], GET, PLAIN)).toMatchObject({ body: BODY.none });
  });

  it('is refused with two lengths or a wrong one', () => {
    for (const values of [['1', '2'], ['1', '1'], ['+1'], ['']]) {
      const fields = values.flatMap((value) => ['content-length', value]);
      expect(http2ResponseHead([':status', '200', ...fields], GET, PLAIN)).toHaveProperty('reason');
      expect(http2ResponseHead([':status', '200', ...fields], GET, PLAIN)).not.toHaveProperty('names');
    }
  });

  it('that grants a WebSocket becomes a switch with the proof for its key', () => {
    const fields = [':status', '200', 'content-length', '0', 'sec-websocket-accept', 'other', 'x-a', '1'];
    const head = http2ResponseHead(fields, UPGRADE, PLAIN);
    if (head.names === undefined) throw new Error(head.reason);
    expect(webSocketSwitch(head, UPGRADE)).toMatchObject({
      status: 101,
      upgrade: 'websocket',
      contentLength: -1,
      names: ['x-a', 'Sec-WebSocket-Accept'],
      values: ['1', acceptOf('dGhlIHNhbXBsZSBub25jZQ==')],
    });
  });
});

describe('errorName', () => {
  it('knows those of the RFC and shows others by number', () => {
    expect([errorName(8), errorName(13), errorName(99)]).toEqual(['CANCEL', 'HTTP_1_1_REQUIRED', 'error 99']);
  });
});
