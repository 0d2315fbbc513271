// The secret that session tickets of every https listener are sealed with, by way of keys derived from
// it. Invariant: it is never written anywhere, and a later one cannot open what an earlier one sealed,
// so a stolen one is of use for a day at most. Owned by tls-material.ts.
import { randomBytes } from 'node:crypto';

/** OpenSSL opens tickets of one secret at a time: those of the one before end in a full handshake. */
const RENEW_AFTER_MS = 24 * 3600 * 1000;
const SECRET_BYTES = 32;

export interface TicketSecret {
  current(): string;
  /** Takes a new one when that is due; whether it did. */
  renew(): boolean;
}

export function createTicketSecret(now: () => number): TicketSecret {
  let secret = '';
  let madeAt = 0;
  const make = (): void => {
    secret = randomBytes(SECRET_BYTES).toString('base64');
    madeAt = now();
  };
  make();
  return {
    current: () => secret,
    renew() {
      if (Math.abs(now() - madeAt) < RENEW_AFTER_MS) return false;
      make();
      return true;
    },
  };
}
