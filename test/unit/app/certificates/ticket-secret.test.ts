import { expect, it } from 'vitest';
import { createTicketSecret } from '../../../../src/main/app/certificates/ticket-secret.ts';

const DAY_MS = 24 * 3600 * 1000;

it('the secret of session tickets is replaced once a day, and is nobody else’s', () => {
  let nowMs = 5;
  const secret = createTicketSecret(() => nowMs);
  const first = secret.current();
  expect(Buffer.from(first, 'base64')).toHaveLength(32);
  expect(createTicketSecret(() => nowMs).current()).not.toBe(first);
  nowMs += DAY_MS - 1;
  expect(secret.renew()).toBe(false);
  expect(secret.current()).toBe(first);
  nowMs += 1;
  expect(secret.renew()).toBe(true);
  expect(secret.current()).not.toBe(first);
  expect(secret.renew()).toBe(false);
});

it('the secret is replaced when the clock was set back by a day', () => {
  let nowMs = 10 * DAY_MS;
  const secret = createTicketSecret(() => nowMs);
  nowMs -= DAY_MS;
  expect(secret.renew()).toBe(true);
});
