// One mark for one act: what a person did to many backends at once is recorded for each of them. Pure; called
// by use-markers, with "drain api-4" and the like.
import { plural } from '../../lib/format.ts';
import type { ChartMarker } from './traffic-rows.ts';

/** One request after the other, but within a moment. */
const ONE_ACT_MS = 1000;

/** `acts` in the order they happened; those of one kind that follow each other at once become "drain 40 backends". */
export function joinedActs(acts: readonly ChartMarker[]): ChartMarker[] {
  const runs: ChartMarker[][] = [];
  for (const act of acts) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (last && verbOf(last) === verbOf(act) && act.at - last.at <= ONE_ACT_MS) run?.push(act);
    else runs.push([act]);
  }
  return runs.flatMap((run) => {
    const [first] = run;
    if (first === undefined) return [];
    if (new Set(run.map(({ text }) => text)).size === 1) return [first];
    return [{ at: first.at, text: `${verbOf(first)} ${plural(run.length, 'backend')}` }];
  });
}

function verbOf({ text }: ChartMarker): string {
  return text.split(' ', 1)[0] ?? text;
}
