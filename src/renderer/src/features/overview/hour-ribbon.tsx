// The last hour of a pool as one ribbon: each cell is two minutes and shows the worst health any of its
// backends had in it.
import { useMemo } from 'react';
import { formatClock } from '../../lib/format.ts';
import { backendMark, healthTone } from '../../lib/state-marks.ts';
import { useLive, useQuery } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';
import { Ribbon, type RibbonCell } from '../../ui/ribbon.tsx';
import { type WorstCell, worstCells } from './worst-health.ts';

const BUCKETS = 30;
const BUCKET_MS = 120_000;
const REFRESH_MS = 15_000;

export function HourRibbon({ pool }: { pool: string }) {
  const changed = useLive(
    (state: LiveState) => state.transitions.find((each) => each.pool === pool)?.at ?? 0,
  );
  const { data } = useQuery('history.query', () => lastHour(pool), {
    refreshMs: REFRESH_MS,
    deps: [pool, changed],
  });
  const cells = useMemo(() => (data ? worstCells(data, BUCKETS) : []), [data]);
  const shown = useMemo(() => cells.map(ribbonCell), [cells]);
  const bad = cells.filter(
    ({ health }) => health === 'down' || health === 'failing' || health === 'recovering',
  ).length;
  const label = `Worst health of ${pool} in the last hour: ${bad === 0 ? 'no problem seen' : `trouble in ${bad} of ${BUCKETS} parts`}`;
  return <Ribbon cells={shown} label={label} width={180} height={14} className="relative" />;
}

/** Whole buckets, so that cells keep their place from one answer to the next. */
function lastHour(pool: string) {
  const to = (Math.floor(Date.now() / BUCKET_MS) + 1) * BUCKET_MS;
  return { pool, from: to - BUCKETS * BUCKET_MS, to, buckets: BUCKETS, traffic: false };
}

function ribbonCell({ health, at, backends }: WorstCell): RibbonCell {
  const time = `${shortClock(at)} – ${shortClock(at + BUCKET_MS)}`;
  const word = health === null ? 'nothing known' : backendMark(health).word.toLowerCase();
  const who = backends.length === 0 ? '' : `: ${backends.slice(0, 3).join(', ')}`;
  return { tone: healthTone(health), title: `${time} ${word}${who}` };
}

function shortClock(at: number): string {
  return formatClock(at).slice(0, 5);
}
