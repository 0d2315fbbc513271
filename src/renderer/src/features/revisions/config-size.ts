// How much a Config holds, in words, for whoever is about to replace another one by it. Pure.
import { parseConfig } from '#shared/config/config.ts';
import { plural } from '../../lib/format.ts';

/** "2 listeners, 3 pools, 9 backends"; empty when it is not a Config. */
export function describeConfig(input: unknown): string {
  const parsed = parseConfig(input);
  if (!parsed.ok) return '';
  const { listeners, pools } = parsed.value;
  const backends = pools.reduce((sum, pool) => sum + pool.backends.length, 0);
  return [
    plural(listeners.length, 'listener'),
    plural(pools.length, 'pool'),
    plural(backends, 'backend'),
  ].join(', ');
}
