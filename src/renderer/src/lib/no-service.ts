// Why a pool takes no new request, as one sentence that names the reason and not merely the state. Pure;
// used by the pool board, the overview and the title bar, so all give the same reason.
import type { BackendStatus, PoolStatus } from '#shared/status.ts';
import { plural } from './format.ts';

type Reason = 'down' | 'waiting' | 'drained' | 'disabled' | 'without weight';

const ALL_SENTENCES: Readonly<Record<Reason, string>> = {
  down: 'No backend can take requests: every one is down',
  waiting: 'Waiting for health checks before sending requests',
  drained: 'Every backend is drained: nothing takes new requests',
  disabled: 'Every backend is disabled: nothing takes new requests',
  'without weight': 'Every backend has weight 0: nothing takes new requests',
};

const ORDER = Object.keys(ALL_SENTENCES) as Reason[];
const BY_HAND: readonly Reason[] = ['drained', 'disabled'];

export function noServiceText(pool: Pick<PoolStatus, 'backends' | 'policy'>): string {
  if (pool.backends.length === 0) return 'It has no backend to send requests to';
  const counts = new Map<Reason, number>();
  for (const backend of pool.backends) {
    const reason = reasonOf(backend, pool.policy);
    if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = ORDER.filter((reason) => counts.has(reason));
  const [only] = reasons;
  if (only === undefined) return 'No backend takes new requests now';
  if (reasons.length === 1 && counts.get(only) === pool.backends.length) return ALL_SENTENCES[only];
  const numbers = reasons.map((reason) => `${counts.get(reason)} ${reason}`).join(', ');
  const outOf = `${numbers} of ${plural(pool.backends.length, 'backend')}`;
  return reasons.every((reason) => BY_HAND.includes(reason))
    ? `Every backend was taken out by hand: ${outOf}`
    : `No backend can take requests: ${outOf}`;
}

/** What a person decided comes first: a backend taken out would not serve however healthy it were. */
function reasonOf(
  backend: Pick<BackendStatus, 'admin' | 'health' | 'weight'>,
  policy: PoolStatus['policy'],
): Reason | null {
  if (backend.admin === 'disabled') return 'disabled';
  if (backend.admin === 'draining') return 'drained';
  if (backend.health === 'down') return 'down';
  if (backend.health === 'checking' || backend.health === 'recovering') return 'waiting';
  return backend.weight === 0 && policy !== 'round-robin' ? 'without weight' : null;
}
