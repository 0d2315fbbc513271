// The whole Config of "split two dev servers": one pool of two addresses behind one listener, half and
// half; and what its three fields accept. Pure; called by the first run's card.
import { z } from 'zod';
import type { ConfigInput } from '#shared/config/config.ts';
import { ListenPort } from '#shared/config/primitives.ts';
import { AddressField, commonScheme, readAddress, sameAddressText } from '../../lib/addresses.ts';

export const SPLIT_POOL = 'app';
export const SPLIT_LISTENER = 'web';

export interface SplitValues {
  first: string;
  second: string;
  port: string;
}

/** Two servers can be compared as soon as both were read, whatever the port is. */
function bothRead({ issues }: z.core.ParsePayload): boolean {
  return !issues.some(({ path }) => path?.[0] === 'first' || path?.[0] === 'second');
}

export const SplitForm = z
  .object({
    first: AddressField,
    second: AddressField,
    // An emptied field is not port 0, which would be a choice.
    port: z
      .string()
      .transform((text) => (text.trim() === '' ? Number.NaN : Number(text)))
      .pipe(ListenPort),
  })
  .refine(({ first, second }) => first.address !== second.address, {
    path: ['second'],
    when: bothRead,
    message: sameAddressText('The first server'),
  })
  .refine(({ first, second }) => commonScheme([first.scheme, second.scheme]) !== 'mixed', {
    path: ['second'],
    when: bothRead,
    message: 'a pool speaks one protocol to its backends; write https:// before both or before neither',
  });
export type Split = z.output<typeof SplitForm>;

/** Whether what stands in the fields now makes a pool that speaks HTTPS. */
export function splitsOverTls(first: string, second: string): boolean {
  return [first, second].map(readAddress).every((read) => read.ok && read.scheme === 'https');
}

export function splitConfig({ first, second, port }: Split): ConfigInput {
  const overTls = commonScheme([first.scheme, second.scheme]) === 'https';
  return {
    version: 1,
    listeners: [{ name: SPLIT_LISTENER, port, routes: [{ name: 'all', pool: SPLIT_POOL }] }],
    pools: [
      {
        name: SPLIT_POOL,
        policy: 'weighted-round-robin',
        ...(overTls ? { tls: {} } : {}),
        // A connection that opens is proof enough for a dev server, whatever paths it serves.
        healthCheck: { type: 'tcp', intervalMs: 2000, timeoutMs: 1000 },
        backends: [
          { name: `${SPLIT_POOL}-1`, address: first.address, weight: 50 },
          { name: `${SPLIT_POOL}-2`, address: second.address, weight: 50 },
        ],
      },
    ],
  };
}
