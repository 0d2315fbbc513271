// Where a frame of our own may go in a WebSocket's bytes, however these are cut.
import { describe, expect, it } from 'vitest';
import {
  FrameTracker,
  goingAwayToClient,
  goingAwayToServer,
} from '../../../../src/main/engine/exchange/web-socket-frames.ts';

const text = (length: number, masked: boolean): number[] => {
  const mask = masked ? 0x80 : 0;
  const key = masked ? [1, 2, 3, 4] : [];
  const size =
    length < 126
      ? [mask | length]
      : length < 65_536
        ? [mask | 126, length >> 8, length & 0xff]
        : [mask | 127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff];
  // A payload of Close opcodes: only a wrong place would take it for one.
  return [0x81, ...size, ...key, ...Array<number>(length).fill(0x88)];
};

/** Places at which another frame fits: how many bytes went by, when they come in pieces of `size`. */
function places(bytes: readonly number[], size: number): number[] {
  const tracker = new FrameTracker();
  const found: number[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.slice(at, at + size);
    tracker.pass(Uint8Array.from(piece));
    if (tracker.betweenFrames) found.push(at + piece.length);
  }
  return found;
}

describe('the end of a frame', () => {
  for (const masked of [false, true]) {
    for (const length of [0, 1, 125, 126, 70_000]) {
      it(`is found for ${length} bytes ${masked ? 'masked' : 'unmasked'}, byte by byte`, () => {
        const frame = text(length, masked);
        expect(places(frame, 1)).toEqual([frame.length]);
      });
    }
  }

  it('is found after each of several frames in one piece, and not inside one', () => {
    const frames = [...text(3, false), ...text(0, true), ...text(300, true)];
    expect(places(frames, frames.length)).toEqual([frames.length]);
    expect(places([...frames, 0x81], frames.length + 1)).toEqual([]);
    expect(places([...frames, 0x81, 0x05, 0x61], frames.length + 3)).toEqual([]);
  });

  it('is there before the first byte', () => {
    expect(new FrameTracker().betweenFrames).toBe(true);
  });
});

describe('after a Close frame', () => {
  it('nothing fits any more', () => {
    const tracker = new FrameTracker();
    tracker.pass(goingAwayToClient());
    expect([tracker.betweenFrames, tracker.closing]).toEqual([false, true]);
  });
});

describe('the Close frame', () => {
  it('says 1001 to a client, unmasked', () => {
    expect([...goingAwayToClient()]).toEqual([0x88, 0x02, 0x03, 0xe9]);
  });

  it('says 1001 to a server, masked with a key by chance', () => {
    const chances = [0.1, 0.5, 0.9, 0.999];
    const frame = goingAwayToServer(() => chances.shift() ?? 0);
    const key = [...frame.subarray(2, 6)];
    expect([frame[0], frame[1], frame.length]).toEqual([0x88, 0x82, 8]);
    expect(key).toEqual([25, 128, 230, 255]);
    expect([...frame.subarray(6)].map((byte, i) => byte ^ (key[i] ?? 0))).toEqual([0x03, 0xe9]);
  });
});
