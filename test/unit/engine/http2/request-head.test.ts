import { describe, expect, it } from 'vitest';
import { BODY, type RequestHead } from '../../../../src/main/engine/exchange/message.ts';
import { HEAD_FAULTS } from '../../../../src/main/engine/http1/head-faults.ts';
import { headerListBytes, http2RequestHead } from '../../../../src/main/engine/http2/request-head.ts';

const LIMITS = { headerBytes: 16_384, headerLines: 100, urlBytes: 8192 };

function fields(changes: Record<string, string> = {}, ...more: string[]): string[] {
  const pseudo = {
    ':method': 'GET',
    ':scheme': 'https',
    ':authority': 'A.test:8443',
    ':path': '/p?q',
    ...changes,
  };
  return [...Object.entries(pseudo).flat(), ...more];
}

function parse(list: string[], endsStream = true, limits = LIMITS) {
  return http2RequestHead(list, endsStream, limits, 'a-key');
}

function head(list: string[], endsStream = true): RequestHead {
  const parsed = parse(list, endsStream);
  if (parsed.names === undefined) throw new Error(parsed.reason);
  return parsed;
}

describe('http2RequestHead', () => {
  it('reads the pseudo-fields into the model', () => {
    expect(head(fields({}, 'accept', '*/*'))).toEqual({
      minor: 1,
      names: ['accept'],
      values: ['*/*'],
      body: BODY.none,
      contentLength: -1,
      keepAlive: true,
      connectionTokens: null,
      upgrade: '',
      method: 'GET',
      target: '/p?q',
      path: '/p',
      host: 'A.test:8443',
      hostname: 'a.test',
      expectContinue: false,
      teTrailers: false,
    });
  });

  it.each<[string, string[], boolean, number, number]>([
    ['none when the stream has ended', fields({ ':method': 'POST' }), true, BODY.none, -1],
    ['chunked when its length is unknown', fields({ ':method': 'POST' }), false, BODY.chunked, -1],
    ['of the length announced', fields({}, 'content-length', '007'), false, BODY.length, 7],
    ['none of length 0', fields({}, 'content-length', '0'), false, BODY.none, 0],
  ])('finds the body: %s', (_, list, endsStream, body, contentLength) => {
    const parsed = head(list, endsStream);
    expect([parsed.body, parsed.contentLength]).toEqual([body, contentLength]);
  });

  it('joins cookies in their order, at the end', () => {
    const { names, values } = head(fields({}, 'cookie', 'a=1', 'x', 'y', 'cookie', 'b=2'));
    expect([names, values]).toEqual([
      ['x', 'cookie'],
      ['y', 'a=1; b=2'],
    ]);
  });

  it('prefers :authority to Host and takes Host where there is none', () => {
    expect(head(fields({}, 'host', 'b.test')).host).toBe('A.test:8443');
    expect(head(fields({ ':authority': '' }, 'host', 'b.test')).hostname).toBe('b.test');
  });

  it('keeps odd names apart from the object they come from', () => {
    expect(head(fields({}, '__proto__', '1', 'constructor', '2')).names).toEqual([
      '__proto__',
      'constructor',
    ]);
  });

  it('knows who accepts trailers and who waits for 100', () => {
    const parsed = head(fields({}, 'te', 'trailers', 'expect', '100-Continue'), false);
    expect([parsed.teTrailers, parsed.expectContinue]).toEqual([true, true]);
    expect(head(fields({}, 'expect', '100-continue')).expectContinue).toBe(false);
  });

  it('turns a WebSocket into an upgrade with a key of ours', () => {
    const list = fields({ ':method': 'CONNECT', ':protocol': 'websocket' }, 'sec-websocket-key', 'theirs');
    const parsed = head(list, false);
    expect([parsed.method, parsed.upgrade, parsed.body]).toEqual(['GET', 'websocket', BODY.none]);
    expect([parsed.names, parsed.values]).toEqual([['sec-websocket-key'], ['a-key']]);
  });

  it.each<[string, string[], (typeof HEAD_FAULTS)[keyof typeof HEAD_FAULTS]]>([
    ['CONNECT', fields({ ':method': 'CONNECT' }), HEAD_FAULTS.connect],
    ['another protocol', fields({ ':method': 'CONNECT', ':protocol': 'x' }), HEAD_FAULTS.connect],
    ['a target that is no path', fields({ ':path': 'x' }), HEAD_FAULTS.targetForm],
    ['* without OPTIONS', fields({ ':path': '*' }), HEAD_FAULTS.targetAsterisk],
    ['a fragment', fields({ ':path': '/#a' }), HEAD_FAULTS.targetCharacter],
    ['bytes above 127', fields({ ':path': '/\xe9' }), HEAD_FAULTS.targetCharacter],
    ['another scheme', fields({ ':scheme': 'ftp' }), HEAD_FAULTS.targetForm],
    ['no host', fields({ ':authority': '' }), HEAD_FAULTS.hostMissing],
    ['user information', fields({ ':authority': 'u@a' }), HEAD_FAULTS.hostInvalid],
    ['two lengths', fields({}, 'content-length', '1', 'content-length', '1'), HEAD_FAULTS.lengthRepeated],
    [
      'a WebSocket with the length of a body',
      fields({ ':method': 'CONNECT', ':protocol': 'websocket' }, 'content-length', '5'),
      HEAD_FAULTS.lengthWithoutBody,
    ],
    ['a length without a body', fields({}, 'content-length', '5'), HEAD_FAULTS.lengthWithoutBody],
    ['another expectation', fields({}, 'expect', 'x'), HEAD_FAULTS.expectation],
    ['a long target', fields({ ':path': `/${'x'.repeat(8192)}` }), HEAD_FAULTS.targetLength],
    [
      'many fields',
      fields({}, ...Array.from({ length: 101 }, (_, i) => [`x${i}`, '']).flat()),
      HEAD_FAULTS.fieldCount,
    ],
    ['a large list', fields({}, 'x', 'x'.repeat(16_384)), HEAD_FAULTS.headerLength],
  ])('refuses %s', (_, list, fault) => {
    expect(parse(list)).toEqual(fault);
  });

  it('counts cookies as the one line they become', () => {
    const cookies = Array.from({ length: 120 }, (_, i) => ['cookie', `c${i}=1`]).flat();
    expect(head(fields({}, ...cookies)).names).toEqual(['cookie']);
  });
});

describe('headerListBytes', () => {
  it('counts what the fields would take in HTTP/1.1', () => {
    expect(headerListBytes(['host', 'a.test', 'x', ''])).toBe('host: a.test\r\nx: \r\n'.length);
  });
});
