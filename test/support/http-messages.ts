// Generated HTTP/1.1 messages for fuzzing: mostly valid ones, with the oddities that parsers disagree
// about mixed in, half of them then mutated byte by byte. The same seed gives the same messages.

export interface Messages {
  request(): Buffer;
  /** Interim answers, if any, and the final one, or a switch of protocols. */
  response(): Buffer;
  /** Bytes of no protocol. */
  payload(): Buffer;
  /** `bytes` cut in pieces at random places; often in one. */
  pieces(bytes: Buffer): Buffer[];
  /** A whole number from 0 to `limit` - 1, from the same source of chance. */
  below(limit: number): number;
  chance(odds: number): boolean;
}

const METHODS = ['GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD', 'TRACE'];
const TARGETS = [
  '/',
  '/a/b?c=d',
  '//x',
  '/%2e%2e/%00',
  '/a|b\\c^`{}"<>',
  '/?',
  '/;a=b',
  '*',
  'http://a/x',
  'http://a:80?q',
  '/#',
  'a',
  '/a b',
];
const HOSTS = ['a', 'a', 'a', 'a:80', 'A', '[::1]:8080', '', 'a,b', 'u@a', 'a/'];
const NAMES = [
  'Accept',
  'X-A',
  'x-a',
  '__proto__',
  'constructor',
  'Cookie',
  'Range',
  'Transfer_Encoding',
  "!#$%&'*+-.^_`|~",
  'Content-Type',
  'Keep-Alive',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'x-forwarded-host',
  'X_Forwarded_Host',
  'X-Real-IP',
  'Forwarded',
  'Via',
  'Trailer',
  'Proxy-Connection',
  'Proxy-Authorization',
  'Set-Cookie',
  'TE',
];
const VALUES = [
  '',
  'a',
  ' a ',
  'a, b',
  '\x80\xff',
  'a\tb',
  '"q;\\""',
  ':',
  'trailers',
  'gzip',
  'chunked',
  '0',
  'a'.repeat(300),
];
const CONNECTIONS = [
  'close',
  'keep-alive',
  'X-A',
  'close, x-a',
  'Keep-Alive',
  'TE',
  ',',
  'upgrade',
  'Host',
  'a b',
];
const ODD_FIELDS = [
  'Content-Length: 5',
  'Content-Length: 0',
  'Content-Length: +1',
  'Content-Length: 1, 1',
  'Content-Length: 03',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked ',
  'Transfer-Encoding:',
  'Transfer-Encoding : chunked',
  'Upgrade: websocket',
  'Expect: 100-continue',
  ' folded',
  'No colon',
  ': empty',
  'X\x0b: a',
  'Host: b',
];
const STATUSES = [
  '200 OK',
  '200',
  '404 ',
  '204 No Content',
  '304 Not Modified',
  '500 \xe4\t!',
  '999 Odd',
  '20 OK',
  '426 Upgrade Required',
];
const INTERIMS = ['100 Continue', '102 Processing', '103 Early Hints', '103', '199 Odd'];
const UPGRADES = ['websocket', 'websocket', 'WebSocket', 'odd/1', 'h2c', 'websocket, odd', ''];
const UPGRADE_CONNECTIONS = [
  'Upgrade',
  'Upgrade',
  'keep-alive, Upgrade',
  'upgrade,x-a',
  'close, upgrade',
  'TE',
];
const KEYS = ['AAECAwQFBgcICQoLDA0ODw==', 'AAECAwQFBgcICQoLDA0ODw==', 'AAEC'];
/** No framing fields: those the codec drops, where llhttp refuses the message. */
const TRAILERS = [
  'X-Sum: 1',
  'x_sum: a, b',
  'Authorization: b',
  'Content_Length: 1',
  'X_Forwarded_For: b',
  'Host: b',
  'X\x80: a',
  'X-Sum : 1',
  ' folded',
];
const SPECIAL_BYTES = [0, 9, 10, 13, 32, 35, 44, 48, 58, 59, 64, 102, 127, 128, 255];

/** mulberry32: small, fast and good enough to vary messages. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function createMessages(seed: number): Messages {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const chance = (odds: number): boolean => random() < odds;
  const one = (list: readonly string[]): string => list[below(list.length)] ?? '';

  function payload(): string {
    let text = '';
    for (let left = below(40); left > 0; left--) text += String.fromCharCode(below(256));
    return chance(0.2) ? `${text}\r\nGET / HTTP/1.1\r\n\r\n` : text;
  }

  function chunks(): string {
    let text = '';
    for (let left = below(4); left > 0; left--) {
      const data = `${payload()}.`;
      const size = data.length.toString(16);
      const extension = chance(0.2) ? `;${one(['a', 'a=b', 'a="b;c"', '', ' a', '\x80'])}` : '';
      text += `${chance(0.2) ? `0${size.toUpperCase()}` : size}${extension}\r\n${data}\r\n`;
    }
    let trailers = '';
    while (chance(0.3)) trailers += `${one(TRAILERS)}\r\n`;
    return `${text}0\r\n${trailers}\r\n`;
  }

  function someFields(odds: number): string[] {
    const lines: string[] = [];
    while (chance(odds)) lines.push(`${one(NAMES)}:${chance(0.8) ? ' ' : ''}${one(VALUES)}`);
    return lines;
  }

  /** Field lines and a body framed by them, either way of framing or none. */
  function fieldsAndBody(first: string[]): string {
    const lines = [...first, ...someFields(0.6)];
    if (chance(0.3)) lines.push(`Connection: ${one(CONNECTIONS)}`);
    if (chance(0.15)) lines.push(one(ODD_FIELDS));
    let body = '';
    const framing = below(3);
    if (framing === 1) {
      body = payload();
      lines.push(`Content-Length: ${chance(0.1) ? '0' : ''}${body.length}`);
    } else if (framing === 2) {
      body = chunks();
      lines.push(`Transfer-Encoding: ${chance(0.8) ? 'chunked' : 'Chunked'}`);
    }
    return `${lines.join('\r\n')}\r\n\r\n${body}`;
  }

  function upgradeFields(): string[] {
    const lines = [`Connection: ${one(UPGRADE_CONNECTIONS)}`, `Upgrade: ${one(UPGRADES)}`];
    if (chance(0.9)) lines.push(`Sec-WebSocket-Key: ${one(KEYS)}`);
    if (chance(0.9)) lines.push('Sec-WebSocket-Version: 13');
    return lines;
  }

  /** Without a body, which all but a few would mean nothing with. */
  function upgradeRequest(): string {
    const lines = [
      `${chance(0.9) ? 'GET' : one(METHODS)} ${one(TARGETS)} HTTP/1.${chance(0.9) ? 1 : 0}`,
      'Host: a',
    ];
    lines.push(...someFields(0.4), ...upgradeFields());
    return chance(0.1) ? fieldsAndBody(lines) : `${lines.join('\r\n')}\r\n\r\n`;
  }

  function interim(): string {
    return `${[`HTTP/1.1 ${one(INTERIMS)}`, ...someFields(0.4)].join('\r\n')}\r\n\r\n`;
  }

  function mutated(text: string): Buffer {
    let bytes = Buffer.from(text, 'latin1');
    if (chance(0.5)) return bytes;
    for (let left = 1 + below(3); left > 0; left--) {
      const at = below(bytes.length);
      const special = SPECIAL_BYTES[below(SPECIAL_BYTES.length)] ?? 0;
      const change = below(4);
      const head = bytes.subarray(0, at);
      if (change === 0) bytes = Buffer.concat([head, Buffer.of(special), bytes.subarray(at)]);
      else if (change === 1) bytes = Buffer.concat([head, Buffer.of(special), bytes.subarray(at + 1)]);
      else if (change === 2) bytes = Buffer.concat([head, bytes.subarray(at + 1 + below(4))]);
      else bytes = Buffer.concat([head, bytes.subarray(Math.max(0, at - below(20)))]);
    }
    return bytes;
  }

  return {
    below,
    chance,
    payload: () => Buffer.from(payload(), 'latin1'),
    pieces(bytes) {
      if (chance(0.3)) return [bytes];
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; ) {
        const end = at + 1 + below(chance(0.3) ? Math.min(4, bytes.length - at) : bytes.length - at);
        pieces.push(bytes.subarray(at, end));
        at = end;
      }
      return pieces;
    },
    request() {
      if (chance(0.1)) return mutated(upgradeRequest());
      const version = chance(0.9) ? 'HTTP/1.1' : one(['HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'http/1.1']);
      const first = [`${one(METHODS)} ${one(TARGETS)} ${version}`];
      if (chance(0.95)) first.push(`Host: ${one(HOSTS)}`);
      return mutated((chance(0.05) ? '\r\n' : '') + fieldsAndBody(first));
    },
    response() {
      let text = '';
      while (chance(0.2)) text += interim();
      if (chance(0.05)) {
        const lines = ['HTTP/1.1 101 Switching Protocols', ...someFields(0.4), ...upgradeFields()];
        return mutated(`${text}${lines.join('\r\n')}\r\n\r\n`);
      }
      const first = [`${chance(0.9) ? 'HTTP/1.1' : 'HTTP/1.0'} ${one(STATUSES)}`];
      return mutated(text + fieldsAndBody(first));
    },
  };
}
