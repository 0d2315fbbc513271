// What the overview says first: pools in trouble before calm ones, and one sentence for the whole.
// Pure; called by the overview page.
import type { PoolStatus } from '#shared/status.ts';
import { formatAge, plural } from '../../lib/format.ts';
import { isProblem, poolSeverityRank } from '../../lib/state-marks.ts';

/** Worst first; equals keep the order of the Config. */
export function problemsFirst(pools: readonly PoolStatus[]): PoolStatus[] {
  return pools.toSorted((a, b) => poolSeverityRank(a.state) - poolSeverityRank(b.state));
}

export interface LastIncident {
  pool: string;
  backend: string;
  /** When it ended; null while it lasts. */
  end: number | null;
}

/** The newest of a backend that is still there: a removed one is nothing to look at. */
export function lastIncident(
  incidents: readonly LastIncident[],
  pools: readonly PoolStatus[],
): LastIncident | undefined {
  return incidents.find((incident) =>
    pools.some(
      ({ name, backends }) =>
        name === incident.pool && backends.some((backend) => backend.name === incident.backend),
    ),
  );
}

export interface Summary {
  calm: boolean;
  text: string;
}

/** "All 9 enabled backends healthy · 1 drained · last incident 2d 4h ago", or what is wrong and how much of it. */
export function summarizePools(
  pools: readonly PoolStatus[],
  failedListeners: number,
  last: LastIncident | undefined,
  now: number,
): Summary {
  const every = pools.flatMap((pool) => pool.backends);
  const backends = every.filter((backend) => backend.admin === 'enabled');
  const troubled = every.filter((backend) => backend.admin !== 'disabled' && isProblem(backend.state));
  const parts: string[] = [];
  if (failedListeners > 0) parts.push(`${plural(failedListeners, 'listener')} failed`);
  const out = pools.filter((pool) => pool.state === 'down');
  if (out.length > 0) parts.push(`${plural(out.length, 'pool')} down`);
  if (troubled.length > 0) {
    const down = troubled.filter((backend) => backend.state === 'down').length;
    if (down > 0) parts.push(`${plural(down, 'backend')} down`);
    if (troubled.length > down) parts.push(`${plural(troubled.length - down, 'backend')} unsteady`);
  }
  if (parts.length > 0) return { calm: false, text: parts.join(' · ') };
  return {
    calm: true,
    text: [calmText(backends), setAsideText(every), lastText(last, now)]
      .filter((part) => part !== '')
      .join(' · '),
  };
}

function calmText(backends: readonly { state: string }[]): string {
  if (backends.length === 0) return 'No backend takes traffic yet';
  const checking = backends.filter((backend) => backend.state === 'checking').length;
  if (checking > 0) return `${plural(checking, 'backend')} waiting for the first check`;
  const unchecked = backends.filter((backend) => backend.state === 'unchecked').length;
  if (unchecked === backends.length) return `${plural(backends.length, 'backend')} without health checks`;
  const healthy = backends.length - unchecked;
  const all =
    healthy === 1
      ? `The one ${unchecked > 0 ? 'checked' : 'enabled'} backend is healthy`
      : `All ${plural(healthy, `${unchecked > 0 ? 'checked' : 'enabled'} backend`)} healthy`;
  return unchecked > 0 ? `${all}, ${unchecked} not checked` : all;
}

/** What somebody took out on purpose: no trouble, but it explains why fewer serve. */
function setAsideText(backends: readonly PoolStatus['backends'][number][]): string {
  const drained = backends.filter((backend) => backend.admin === 'draining').length;
  const disabled = backends.filter((backend) => backend.admin === 'disabled').length;
  const parts: string[] = [];
  if (drained > 0) parts.push(`${drained} drained`);
  if (disabled > 0) parts.push(`${disabled} disabled`);
  return parts.join(', ');
}

function lastText(last: LastIncident | undefined, now: number): string {
  if (last === undefined || last.end === null) return '';
  return `last incident ${formatAge(now - last.end)} ago (${last.pool}/${last.backend})`;
}
