// The keys of session tickets: what they depend on, and on nothing else.
import { expect, it } from 'vitest';
import { ticketKeys } from '../../../../src/main/engine/tls/ticket-keys.ts';

it('are the same wherever the secret and the context are, and have the length OpenSSL takes', () => {
  const keys = ticketKeys('secret', 'context');
  expect(keys).toHaveLength(48);
  expect(ticketKeys('secret', 'context')).toEqual(keys);
});

it('are others, name and all, for another context or another secret', () => {
  const all = [ticketKeys('secret', 'context'), ticketKeys('secret', 'other'), ticketKeys('next', 'context')];
  for (const [from, to] of [
    [0, 16],
    [16, 32],
    [32, 48],
  ]) {
    expect(new Set(all.map((keys) => keys.toString('hex', from, to))).size).toBe(3);
  }
});
