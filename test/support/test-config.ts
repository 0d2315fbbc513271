// The Config most tests of the whole product start from: a listener "web" on any free port in front of
// one pool "api", probed quickly.
import type { ConfigInput } from '#shared/config/config.ts';
import { HEALTH_PATH, NamedBackend } from './backends.ts';

type PoolInput = NonNullable<ConfigInput['pools']>[number];
type ListenerInput = NonNullable<ConfigInput['listeners']>[number];
type BackendInput = NonNullable<PoolInput['backends']>[number];

/** Fast enough for a test, with a timeout that a busy machine does not miss. */
export const QUICK_CHECK = {
  type: 'http',
  path: HEALTH_PATH,
  intervalMs: 250,
  timeoutMs: 250,
  rise: 2,
  fall: 3,
} as const;

export function apiConfig(
  backends: (BackendInput | NamedBackend)[],
  pool: Partial<PoolInput> = {},
  listener: Partial<ListenerInput> = {},
): ConfigInput & { listeners: ListenerInput[]; pools: PoolInput[] } {
  return {
    version: 1,
    listeners: [{ name: 'web', port: 0, routes: [{ name: 'all', pool: 'api' }], ...listener }],
    pools: [{ name: 'api', backends: backends.map(backendInput), ...pool }],
  };
}

function backendInput(backend: BackendInput | NamedBackend): BackendInput {
  return backend instanceof NamedBackend ? { name: backend.name, address: backend.address } : backend;
}
