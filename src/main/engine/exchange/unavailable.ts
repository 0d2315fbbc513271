// Why a pool cannot serve, in words for the 503: "no backend of pool api can serve: api-1 down". Pure; called
// by attempts.ts.
import { EXCLUSION_TEXT, exclusion, servingTier } from '../eligible.ts';
import type { PoolState } from '../state.ts';

const NAMED_BACKENDS = 5;

export function unavailableText(pool: Pick<PoolState, 'name' | 'backends' | 'plan'>): string {
  if (pool.plan.fault !== '') return pool.plan.fault;
  if (pool.backends.length === 0) return `pool ${pool.name} has no backends`;
  const tier = servingTier(pool.backends, pool.plan.forwardWhenAllDown);
  const reasons = pool.backends.slice(0, NAMED_BACKENDS).map((backend) => {
    const why = exclusion(backend, tier);
    return `${backend.name} ${why === undefined ? 'failed' : EXCLUSION_TEXT[why]}`;
  });
  const rest = pool.backends.length - reasons.length;
  if (rest > 0) reasons.push(`${rest} more`);
  return `no backend of pool ${pool.name} can serve: ${reasons.join(', ')}`;
}

export function queueFullText({ name, plan }: Pick<PoolState, 'name' | 'plan'>): string {
  const { maxInFlight, queue } = plan;
  const limit = maxInFlight === 1 ? '1 request' : `${maxInFlight} requests`;
  return `every backend of pool ${name} is at its limit of ${limit} and ${queue.max} are waiting already`;
}
