// Which statuses a pool retries, which tells whether each retry was of a failure. Called by
// backend-table/cells and charts/traffic-charts.

import type { RetriedStatuses } from '../../lib/reached-clients.ts';
import { useConfig } from '../../live/hooks.ts';

export function useRetriedStatuses(pool: string): RetriedStatuses {
  return useConfig()?.config.pools.find(({ name }) => name === pool)?.retries.statuses;
}
