// Every policy by the name it has in a Config. A name without a factory does not compile. Pure; called by
// apply.ts once per pool and again when the pool's policy changes.
import type { PolicyName } from '#shared/config/pool.ts';
import type { Env } from '../env.ts';
import { createLeastConnections } from './least-connections.ts';
import type { Policy, PolicyTable } from './policy.ts';
import { createRandom } from './random.ts';
import { createRoundRobin } from './round-robin.ts';
import { createWeightedRoundRobin } from './weighted-round-robin.ts';

const POLICIES: PolicyTable = {
  'round-robin': createRoundRobin,
  'weighted-round-robin': createWeightedRoundRobin,
  'least-connections': createLeastConnections,
  random: createRandom,
};

export function createPolicy(name: PolicyName, env: Pick<Env, 'random'>): Policy {
  return POLICIES[name](env);
}
