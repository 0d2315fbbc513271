import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../support/electron/codec.ts';

describe('the electron double’s codec', () => {
  it.each([
    [undefined],
    [null],
    [Number.NaN],
    [Number.NEGATIVE_INFINITY],
    [new Date(12)],
    [{ a: undefined, b: [1, undefined, 'x'], $: 'mine', c: { $: 'undefined' } }],
    [{ t: 'call', id: 1, op: 'status.get', input: {} }],
  ])('carries %j as structured clone would', (value) => {
    expect(decodeValue(JSON.parse(JSON.stringify(encodeValue(value))))).toStrictEqual(value);
  });

  it.each([[new Map()], [new Uint8Array(1)], [1n], [() => 1]])(
    'refuses %s, which it would change',
    (value) => {
      expect(() => encodeValue(value)).toThrow('not modelled');
    },
  );
});
