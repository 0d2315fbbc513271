// Which statuses a pool retries, which tells whether each retry was of a failure. Called by
// backend-table/cells and charts/traffic-charts.
import { type RetriedStatuses, retriedStatuses } from '../../lib/reached-clients.ts';
import { useConfig } from '../../live/hooks.ts';

export function useRetriedStatuses(pool: string): RetriedStatuses {
  return retriedStatuses(useConfig()?.config, pool);
}
