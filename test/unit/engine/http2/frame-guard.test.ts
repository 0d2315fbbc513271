import { describe, expect, it } from 'vitest';
import { CHARGE, FRAMES_PER_TURN, FrameGuard, THIN } from '../../../../src/main/engine/http2/frame-guard.ts';
import {
  END_HEADERS,
  END_STREAM,
  frame,
  get,
  headerBlock,
  headers,
  settings,
  TYPE,
  uint32,
} from '../../../support/h2-frames.ts';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
const CREDIT = 1000;
const PADDED = 8;
const PRIORITY = 32;

function begun(...frames: Buffer[]): Buffer {
  return Buffer.concat([PREFACE, settings(), ...frames]);
}

function repeat(bytes: Buffer, times: number): Buffer {
  return Buffer.concat(Array.from({ length: times }, () => bytes));
}

/** A guard that has seen the preface and nothing it charges for. */
function fresh(): FrameGuard {
  const guard = new FrameGuard();
  guard.receive(PREFACE, 0);
  return guard;
}

describe('the fields of a request', () => {
  const six = get({}, ['a', 'b'], ['long', 'x'.repeat(300)]);
  const padded = Buffer.concat([Buffer.from([3]), Buffer.alloc(5), headerBlock(six), Buffer.alloc(3)]);
  const cases: [string, Buffer, number][] = [
    ['in one frame', headers(1, six), 6],
    [
      'over several frames',
      Buffer.concat([
        frame(TYPE.headers, END_STREAM, 1, headerBlock(six).subarray(0, 20)),
        frame(TYPE.continuation, 0, 1, ''),
        frame(TYPE.continuation, END_HEADERS, 1, headerBlock(six).subarray(20)),
      ]),
      6,
    ],
    ['with padding and priority', frame(TYPE.headers, END_HEADERS | PADDED | PRIORITY, 1, padded), 6],
    [
      'as table entries',
      frame(TYPE.headers, END_HEADERS, 1, Buffer.from([0x82, 0x84, 0x87, 0xff, 0x80, 0x01])),
      4,
    ],
    [
      'behind a change of the table size',
      frame(TYPE.headers, END_HEADERS, 1, Buffer.from([0x3f, 0xe1, 0x1f, 0x82])),
      1,
    ],
    [
      'with an indexed name',
      frame(TYPE.headers, END_HEADERS, 1, Buffer.from([0x41, 0x81, 0xff, 0x0f, 0x2f, 0x00])),
      2,
    ],
    [
      'that are empty',
      frame(TYPE.headers, END_HEADERS, 1, Buffer.from([0x00, 0x00, 0x00, 0x10, 0x01, 0x61, 0x00])),
      2,
    ],
    ['of an empty block', frame(TYPE.headers, END_HEADERS, 1, ''), 0],
  ];

  it.each(cases)('are counted %s', (_, bytes, fields) => {
    const guard = new FrameGuard();
    expect(guard.receive(begun(bytes), 0)).toBe(true);
    expect(guard.take(1)).toEqual({ stream: 1, fields, cancelled: false });
    expect(guard.take(1)).toBe(undefined);
  });

  it.each(cases)('are counted %s, byte by byte', (_, bytes, fields) => {
    const guard = new FrameGuard();
    for (const byte of begun(bytes)) guard.receive(Buffer.from([byte]), 0);
    expect(guard.take(1)?.fields).toBe(fields);
  });

  it('are not those of its trailers', () => {
    const guard = fresh();
    guard.receive(Buffer.concat([headers(1, six, END_HEADERS), headers(1, [['x', 'y']])]), 0);
    expect(guard.take(1)?.fields).toBe(6);
  });

  it('are kept while others are refused before anyone hears of them', () => {
    const guard = fresh();
    guard.receive(Buffer.concat([headers(1, six), headers(3, []), headers(5, get())]), 0);
    expect(guard.take(5)?.fields).toBe(4);
    expect(guard.take(3)).toBe(undefined);
  });

  it('of too many requests nobody heard of end the connection', () => {
    const guard = fresh();
    for (let stream = 1; stream < 2 * CREDIT; stream += 2)
      expect(guard.receive(headers(stream, []), 0)).toBe(true);
    expect(guard.receive(headers(2 * CREDIT + 1, []), 0)).toBe(false);
  });
});

describe('a header list', () => {
  it('is open from its first frame to its last', () => {
    const guard = fresh();
    guard.receive(headers(1, get(), 0), 0);
    expect(guard.inHeaders).toBe(true);
    guard.receive(frame(TYPE.continuation, END_HEADERS, 1, ''), 0);
    expect(guard.inHeaders).toBe(false);
  });
});

describe('a cancellation', () => {
  const reset = frame(TYPE.reset, 0, 1, uint32(8));

  it('is known together with its request, however both are cut', () => {
    const whole = fresh();
    whole.receive(Buffer.concat([headers(1, get()), headers(3, get()), reset]), 0);
    expect([whole.take(1)?.cancelled, whole.take(3)?.cancelled]).toEqual([true, false]);
    const cut = fresh();
    cut.receive(headers(1, get()), 0);
    for (const byte of reset) cut.receive(Buffer.from([byte]), 0);
    expect(cut.take(1)?.cancelled).toBe(true);
  });

  it('is told once, of every stream it is for', () => {
    const guard = fresh();
    guard.receive(Buffer.concat([reset, frame(TYPE.reset, 0, 3, uint32(0))]), 0);
    expect([guard.takeReset(), guard.takeReset()]).toEqual([[1, 3], []]);
  });
});

describe('the account', () => {
  it.each<[string, Buffer, number]>([
    ['PING', frame(TYPE.ping, 0, 0, Buffer.alloc(8)), CHARGE.frame],
    ['SETTINGS', settings(), CHARGE.settings],
    ['PRIORITY', frame(TYPE.priority, 0, 1, Buffer.alloc(5)), CHARGE.frame],
    ['RST_STREAM', frame(TYPE.reset, 0, 1, uint32(8)), CHARGE.frame],
    ['CONTINUATION', frame(TYPE.continuation, 0, 1, ''), CHARGE.frame],
    ['empty DATA', frame(TYPE.data, 0, 1), CHARGE.frame],
    ['an unknown frame', frame(0xee, 0, 0, 'x'), CHARGE.frame],
  ])('is charged for %s and overdrawn by too many', (_, bytes, cost) => {
    const guard = fresh();
    expect(guard.receive(repeat(bytes, CREDIT / cost), 0)).toBe(true);
    expect(guard.receive(bytes, 0)).toBe(false);
  });

  it('recovers with time, but not beyond its depth', () => {
    const guard = fresh();
    const ping = frame(TYPE.ping, 0, 0, Buffer.alloc(8));
    expect(guard.receive(repeat(ping, CREDIT), 1000)).toBe(true);
    expect(guard.receive(repeat(ping, 100), 2000)).toBe(true);
    expect(guard.receive(repeat(ping, CREDIT), 3_600_000)).toBe(true);
    expect(guard.receive(ping, 3_600_000)).toBe(false);
  });

  it('is charged from outside too', () => {
    const guard = fresh();
    expect(guard.charge(CREDIT)).toBe(true);
    expect(guard.charge(1)).toBe(false);
  });
});

/** How many of these a guard takes at once before it has had enough. */
function takes(guard: FrameGuard, bytes: Buffer, atMs = 0): number {
  for (let count = 0; count < 1_000_000; count++) if (!guard.receive(bytes, atMs)) return count;
  return Number.POSITIVE_INFINITY;
}

/** True: it takes this for so long. `answer`: what it is told it has sent, each time. */
function lasts(seconds: number, perS: number, bytes: Buffer, answerBytes = 0): boolean {
  const guard = fresh();
  const TURNS_PER_S = 10;
  const turn = repeat(bytes, perS / TURNS_PER_S);
  for (let i = 0; i < seconds * TURNS_PER_S; i++) {
    guard.sent(i * (perS / TURNS_PER_S) * answerBytes);
    if (!guard.receive(turn, (i * 1000) / TURNS_PER_S)) return false;
  }
  return true;
}

const oneByte = frame(TYPE.data, 0, 1, 'x');
const windowUpdate = frame(TYPE.windowUpdate, 0, 0, uint32(1));

describe('frames that carry next to nothing', () => {
  it.each<[string, Buffer]>([
    ['DATA of one byte', oneByte],
    ['DATA of four bytes', frame(TYPE.data, 0, 1, 'xxxx')],
    ['DATA of one byte and padding', frame(TYPE.data, PADDED, 1, `\xc8x${'\0'.repeat(200)}`)],
    ['the end of a body that is over', frame(TYPE.data, END_STREAM, 1)],
    ['WINDOW_UPDATE', windowUpdate],
  ])('are taken %s: many at once, ten thousand a second for as long as one likes', (_, bytes) => {
    expect(takes(fresh(), bytes)).toBe(THIN.frames);
    expect(lasts(20, THIN.recoveryPerS, bytes)).toBe(true);
    expect(lasts(3, 2 * THIN.recoveryPerS, bytes)).toBe(false);
  });

  it('are seen however they are cut', () => {
    const guard = fresh();
    const padded = frame(TYPE.data, PADDED, 1, '\x03x\0\0\0');
    const cut = (): boolean => [...padded].every((byte) => guard.receive(Buffer.from([byte]), 0));
    for (let i = 0; i < THIN.frames; i++) expect(cut()).toBe(true);
    expect(cut()).toBe(false);
  });

  it('DATA that is nothing but padding is charged as empty DATA is', () => {
    expect(takes(fresh(), frame(TYPE.data, PADDED, 1, '\x02\0\0'))).toBe(CREDIT);
  });

  it.each<[string, number, Buffer]>([
    ['the smallest messages of gRPC', 50_000, frame(TYPE.data, 0, 1, '\0\0\0\0\0')],
    ['gRPC messages of 8 bytes', 100_000, frame(TYPE.data, 0, 1, 'x'.repeat(13))],
    ['keystrokes over a hundred WebSockets', 3000, frame(TYPE.data, 0, 1, 'x'.repeat(7))],
    ['a body typed character by character', 1000, oneByte],
  ])('are none of an honest client: %s, for a minute', (_, perS, bytes) => {
    expect(lasts(60, perS, bytes)).toBe(true);
  });

  it('count for nothing when each comes with a request of its own', () => {
    const guard = fresh();
    for (let stream = 1; stream < 6 * THIN.frames; stream += 2) {
      const call = Buffer.concat([headers(stream, []), oneByte, frame(TYPE.data, END_STREAM, stream)]);
      expect(guard.receive(call, 0)).toBe(true);
      guard.take(stream);
    }
  });

  it('count for nothing when they answer what was sent: two WINDOW_UPDATE for each small DATA', () => {
    expect(lasts(60, 100_000, windowUpdate, 9)).toBe(true);
    const late = fresh();
    late.sent(10_000_000);
    expect(takes(late, windowUpdate)).toBe(THIN.frames + THIN.updatesAhead);
  });
});

describe('the turn of a connection', () => {
  it('is over after so many frames', () => {
    const guard = fresh();
    guard.receive(repeat(oneByte, FRAMES_PER_TURN - 1), 0);
    expect(guard.endsTurn()).toBe(false);
    guard.receive(oneByte, 0);
    expect([guard.endsTurn(), guard.endsTurn()]).toEqual([true, false]);
  });
});
