// Which revisions are marked on the charts of a pool: those that changed the pool, its backends or checks, or
// a listener or route that leads to it. Reads the sentences a revision carries (the core's changes.ts), in
// which names hold neither spaces nor slashes. What it cannot place is marked: too much rather than too
// little. Pure; called by use-markers.
import type { RevisionSummary } from '#shared/contract.ts';
import type { ChartMarker } from './traffic-rows.ts';

/** By name, and routes as "listener/route": whether it leads to the pool. What is not in it is gone by now. */
export interface WaysIn {
  listeners: ReadonlyMap<string, boolean>;
  routes: ReadonlyMap<string, boolean>;
}

interface ListenerRoutes {
  name: string;
  routes: readonly { name: string; pool: string }[];
}

export function leadsTo(pool: string, listeners: readonly ListenerRoutes[]): WaysIn {
  return {
    listeners: new Map(
      listeners.map(({ name, routes }) => [name, routes.some((route) => route.pool === pool)]),
    ),
    routes: new Map(
      listeners.flatMap(({ name, routes }) =>
        routes.map((route) => [`${name}/${route.name}`, route.pool === pool] as const),
      ),
    ),
  };
}

/** The first change that concerns the pool, with the number of its revision; undefined when none does. */
export function revisionMark(
  { revision, at, changes }: Pick<RevisionSummary, 'revision' | 'at' | 'changes'>,
  pool: string,
  waysIn: WaysIn,
): ChartMarker | undefined {
  // A pool takes its routes along, and where they led can no longer be asked.
  const ofOther = changes.some((change) => /^remove pool /.test(change) && change !== `remove pool ${pool}`);
  const first = changes.find((change) => concerns(change, pool, waysIn, !ofOther));
  return first === undefined ? undefined : { at, text: `r${revision} ${first}` };
}

type Noun = 'pool' | 'backend' | 'listener' | 'route' | 'certificate';

interface Subject {
  noun: Noun;
  /** Of a backend, a route and a certificate with that of its pool or listener before a slash. */
  name: string;
}

const WHOLE = /^(?:add|remove) (pool|backend|listener|route|certificate) (\S+)$/;
const RENAMED = /^rename (pool|backend) (\S+) to (\S+)$/;
/** The subject ends at the first colon; what follows are values, which may hold anything. */
const FIELD = /^[^:]*? of (?:(pool|listener|route|certificate) )?([\w.-]+(?:\/[\w.-]+)?): (.*)$/s;
const ORDER = /^reorder (?:backends|routes|certificates) of (pool|listener) (\S+)$/;
const ORDER_OF_NO_POOL: ReadonlySet<string> = new Set(['reorder pools', 'reorder listeners']);

function concerns(change: string, pool: string, waysIn: WaysIn, ofGone: boolean): boolean {
  if (ORDER_OF_NO_POOL.has(change)) return false;
  const renamed = RENAMED.exec(change);
  if (renamed) return renamed.slice(2).some((name) => ownerOf(name ?? '') === pool);
  const whole = WHOLE.exec(change) ?? ORDER.exec(change);
  if (whole) return isAbout({ noun: whole[1] as Noun, name: whole[2] ?? '' }, pool, waysIn, ofGone);
  const field = FIELD.exec(change);
  if (field === null) return true;
  const noun = (field[1] ?? 'backend') as Noun;
  const subject = { noun, name: field[2] ?? '' };
  if (isAbout(subject, pool, waysIn, ofGone)) return true;
  // A route that led here, or does so now.
  return noun === 'route' && change.startsWith('pool of ') && (field[3] ?? '').split(' ').includes(pool);
}

function isAbout({ noun, name }: Subject, pool: string, waysIn: WaysIn, ofGone: boolean): boolean {
  if (noun === 'pool' || noun === 'backend') return ownerOf(name) === pool;
  if (noun === 'route') return waysIn.routes.get(name) ?? ofGone;
  return waysIn.listeners.get(ownerOf(name)) ?? ofGone;
}

/** "api/api-3" → "api". */
function ownerOf(name: string): string {
  return name.split('/')[0] ?? name;
}

/** "weight of api/api-3: 5 → 10" → "weight of api-3: 5 → 10"; paths, and listeners of that name, stay whole. */
export function withoutPool(text: string, pool: string): string {
  const [subject = ''] = text.split(':', 1);
  if (/ (?:route|certificate) \S+\//.test(subject)) return text;
  return subject.replaceAll(` ${pool}/`, ' ') + text.slice(subject.length);
}
