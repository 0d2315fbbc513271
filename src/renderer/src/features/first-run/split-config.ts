// The whole Config of "split two dev servers": one pool of two addresses behind one listener, half and
// half; and what its three fields accept. Pure; called by the first run's card.
import { z } from 'zod';
import type { ConfigInput } from '#shared/config/config.ts';
import { Address, ListenPort } from '#shared/config/primitives.ts';
import { normalizeAddress } from '../../lib/addresses.ts';

export const SPLIT_POOL = 'app';
export const SPLIT_LISTENER = 'web';

export interface SplitValues {
  first: string;
  second: string;
  port: string;
}

const TypedAddress = z.string().transform(normalizeAddress).pipe(Address);

export const SplitForm = z
  .object({
    first: TypedAddress,
    second: TypedAddress,
    // An emptied field is not port 0, which would be a choice.
    port: z
      .string()
      .transform((text) => (text.trim() === '' ? Number.NaN : Number(text)))
      .pipe(ListenPort),
  })
  .refine(({ first, second }) => first !== second, {
    path: ['second'],
    message: 'is the same server as the first; name another one',
  });

export function splitConfig(first: string, second: string, port: number): ConfigInput {
  return {
    version: 1,
    listeners: [{ name: SPLIT_LISTENER, port, routes: [{ name: 'all', pool: SPLIT_POOL }] }],
    pools: [
      {
        name: SPLIT_POOL,
        policy: 'weighted-round-robin',
        // A connection that opens is proof enough for a dev server, whatever paths it serves.
        healthCheck: { type: 'tcp', intervalMs: 2000, timeoutMs: 1000 },
        backends: [
          { name: `${SPLIT_POOL}-1`, address: first, weight: 50 },
          { name: `${SPLIT_POOL}-2`, address: second, weight: 50 },
        ],
      },
    ],
  };
}
