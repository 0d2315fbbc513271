// The whole Config of "split two dev servers": one pool of two addresses behind one listener, half and
// half. Pure; called by the first run's card.
import type { ConfigInput } from '#shared/config/config.ts';

export const SPLIT_POOL = 'app';
export const SPLIT_LISTENER = 'web';

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
