// What the tray says about a Status: one word for the icon, one tooltip, one line per pool, worst first.
// Pure; tray.ts draws it. The marks are the ones every other screen uses.
import type { PoolCondition, PoolStatus, Status } from '#shared/status.ts';

/** Each has its own icon; `off` also stands for nothing to balance, `lost` for no core. */
export type TrayState = 'up' | 'degraded' | 'down' | 'checking' | 'off' | 'lost';

export interface TraySummary {
  state: TrayState;
  tooltip: string;
  lines: string[];
}

interface PoolRow {
  /** Lower is worse and shown first. */
  rank: number;
  mark: string;
  tray: TrayState;
  word: string;
}

const POOL: Readonly<Record<PoolCondition, PoolRow>> = {
  down: { rank: 0, mark: '■', tray: 'down', word: 'down' },
  degraded: { rank: 1, mark: '◐', tray: 'degraded', word: 'degraded' },
  checking: { rank: 2, mark: '◔', tray: 'checking', word: 'checking' },
  up: { rank: 3, mark: '●', tray: 'up', word: 'up' },
  off: { rank: 4, mark: '⏸', tray: 'off', word: 'off' },
  empty: { rank: 5, mark: '○', tray: 'off', word: 'no backends' },
};

/** A menu longer than this is unusable; the window shows the rest. */
const MOST_LINES = 12;

export function summarizeForTray(status: Status | undefined): TraySummary {
  if (status === undefined)
    return { state: 'lost', tooltip: 'Sluice: not running', lines: ['The core is not running'] };
  const failed = status.listeners.filter((listener) => listener.state === 'failed');
  const pools = [...status.pools].sort((a, b) => POOL[a.state].rank - POOL[b.state].rank);
  const worst = pools[0];
  const state = failed.length > 0 ? 'down' : worst === undefined ? 'off' : POOL[worst.state].tray;
  return {
    state,
    tooltip: `Sluice: ${headline(failed.length, pools)}`,
    lines: shorten([
      ...failed.map((listener) => `■ ${listener.name}: not listening`),
      ...pools.map(poolLine),
    ]),
  };
}

function headline(failedListeners: number, pools: readonly PoolStatus[]): string {
  if (failedListeners > 0) return `${count(failedListeners, 'listener')} not listening`;
  if (pools.length === 0) return 'nothing to balance yet';
  const down = pools.filter((pool) => pool.state === 'down').length;
  if (down > 0) return `${count(down, 'pool')} down`;
  const degraded = pools.filter((pool) => pool.state === 'degraded').length;
  if (degraded > 0) return `${count(degraded, 'pool')} degraded`;
  const first = pools[0];
  return pools.length === 1 && first !== undefined
    ? `${first.name} ${POOL[first.state].word}`
    : `${count(pools.length, 'pool')}, none down`;
}

function poolLine(pool: PoolStatus): string {
  const row = POOL[pool.state];
  const detail =
    pool.state === 'up' || pool.state === 'degraded' || pool.state === 'down'
      ? `${pool.serving} of ${pool.backends.length} serving`
      : row.word;
  return `${row.mark} ${pool.name}: ${detail}`;
}

function shorten(lines: string[]): string[] {
  if (lines.length === 0) return ['No pools yet'];
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `and ${lines.length - MOST_LINES + 1} more`];
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
