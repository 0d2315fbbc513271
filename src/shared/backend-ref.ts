// How a backend is named outside its pool: by both names, and as one string where a map needs a key.
import { z } from 'zod';
import type { Config } from './config/config.ts';

export const BackendRef = z.strictObject({ pool: z.string().min(1), backend: z.string().min(1) });
export type BackendRef = z.infer<typeof BackendRef>;

/** Names cannot hold "/", so keys never collide. */
export function backendKey(pool: string, backend: string): string {
  return `${pool}/${backend}`;
}

export function splitBackendKey(key: string): BackendRef {
  const slash = key.indexOf('/');
  return { pool: key.slice(0, slash), backend: key.slice(slash + 1) };
}

/** Every backend, in the order of the Config. */
export function refsOf({ pools }: Pick<Config, 'pools'>): BackendRef[] {
  return pools.flatMap((pool) => pool.backends.map(({ name }) => ({ pool: pool.name, backend: name })));
}
