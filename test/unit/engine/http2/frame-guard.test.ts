import { describe, expect, it } from 'vitest';
import { CHARGE, FrameGuard } from '../../../../src/main/engine/http2/frame-guard.ts';
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

  it.each<[string, Buffer]>([
    ['DATA', frame(TYPE.data, 0, 1, 'x')],
    ['the end of a body', frame(TYPE.data, END_STREAM, 1)],
    ['WINDOW_UPDATE', frame(TYPE.windowUpdate, 0, 0, uint32(1))],
  ])('is not charged for %s', (_, bytes) => {
    expect(fresh().receive(repeat(bytes, 5 * CREDIT), 0)).toBe(true);
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
