// What the drain panel says, from the status and the list of what is left. Pure.
import type { BackendStatus, ConnectionStatus, DrainStatus, PoolStatus } from '#shared/status.ts';
import { formatCount, formatDuration, plural } from '../../lib/format.ts';

export interface LeftConnections {
  /** Counts also what is not listed. */
  total: number;
  /** Oldest first. */
  connections: readonly ConnectionStatus[];
}

/** "3 of 21 connections left"; without the start when it is not known. */
export function leftText(left: number, { startedWith }: DrainStatus): string {
  if (startedWith === 0) return `${plural(left, 'connection')} left`;
  return `${formatCount(left)} of ${plural(startedWith, 'connection')} left`;
}

/** "1 HTTP · 2 WebSocket · oldest 4 m 12 s"; from the counts alone until all of it is listed. */
export function kindsText(
  { inFlight, tunnels }: Pick<BackendStatus, 'inFlight' | 'tunnels'>,
  left: LeftConnections | undefined,
): string {
  const listed = left?.connections ?? [];
  const whole = left !== undefined && listed.length > 0 && left.total === listed.length;
  const count = (kind: ConnectionStatus['kind']) => listed.filter((each) => each.kind === kind).length;
  const kinds: [number, string][] = whole
    ? [
        [count('http'), 'HTTP'],
        [count('websocket'), 'WebSocket'],
        [count('upgrade'), 'other upgrade'],
      ]
    : [
        [inFlight - tunnels, 'HTTP'],
        [tunnels, 'upgraded'],
      ];
  const parts = kinds.filter(([n]) => n > 0).map(([n, kind]) => `${formatCount(n)} ${kind}`);
  const oldest = listed[0];
  if (oldest !== undefined) parts.push(`oldest ${formatDuration(oldest.ageMs)}`);
  return parts.join(' · ');
}

const NAMED_SUCCESSORS = 4;

export function successorsText(pool: Pick<PoolStatus, 'backends'>): string {
  const names = pool.backends.filter(({ targetShare }) => targetShare > 0).map(({ name }) => name);
  if (names.length === 0) return 'No other backend takes new requests';
  const shown = names.slice(0, NAMED_SUCCESSORS).join(', ');
  const rest = names.length - NAMED_SUCCESSORS;
  return `New requests go to ${shown}${rest > 0 ? ` and ${rest} more` : ''}`;
}

export function deadlineText({ deadline }: DrainStatus, now: number): string {
  if (deadline === null) return 'None of it is closed: the pool gives a drain all the time';
  const leftMs = deadline - now;
  return leftMs < 1000
    ? 'What remains is being closed now'
    : `What remains is closed in ${formatDuration(leftMs)}`;
}

/** How what there was at the start came to its end; empty when that is not known. */
export function outcomeText({ startedWith, closed }: DrainStatus): string {
  if (startedWith === 0) return closed === 0 ? '' : `Sluice closed ${formatCount(closed)}`;
  const finished = startedWith - closed;
  if (closed === 0) return startedWith === 1 ? 'It finished by itself' : 'All of them finished by themselves';
  if (finished <= 0) return startedWith === 1 ? 'Sluice closed it' : 'Sluice closed all of them';
  const themselves = finished === 1 ? 'itself' : 'themselves';
  return `${formatCount(finished)} finished by ${themselves}, Sluice closed ${formatCount(closed)}`;
}

const KIND_WORDS: Readonly<Record<ConnectionStatus['kind'], string>> = {
  http: '',
  websocket: 'WS',
  upgrade: 'UPGRADE',
};

/** "GET /report.csv", "WS /live". */
export function connectionText({ kind, method, path }: ConnectionStatus): string {
  return `${KIND_WORDS[kind] || method} ${path}`;
}
