// Which revisions are marked on the charts of a pool, and what is said there: those that changed the pool, its
// backends or checks, or a listener or route that led to it before or after. Reads the sentences a revision
// carries (changes.ts), in which names hold neither spaces nor slashes; one it cannot read counts as about
// the pool. Invariant: what is said of a revision follows from it and the one before, so it stays the same.
// Called by history.ts.
import type { RevisionSummary } from '#shared/contract.ts';
import type { ReadDb } from '../store/db.ts';
import { type RevisionRoutes, revisionRoutes } from '../store/revisions.ts';

export interface RevisionMark {
  at: number;
  text: string;
}

/** What there was before and after a revision. */
export interface RevisionSides {
  before: RevisionRoutes;
  after: RevisionRoutes;
}

/** Read once: a revision never changes. So many are a busy hour. */
const known = new WeakMap<ReadDb, Map<number, RevisionRoutes>>();
const MOST_KNOWN = 500;

export function readSides(db: ReadDb, revision: number): RevisionSides {
  return { before: routesOf(db, revision - 1), after: routesOf(db, revision) };
}

function routesOf(db: ReadDb, revision: number): RevisionRoutes {
  const read = known.get(db) ?? new Map<number, RevisionRoutes>();
  known.set(db, read);
  const found = read.get(revision) ?? revisionRoutes(db, revision);
  // Set anew, so that the first is the one not used for longest.
  read.delete(revision);
  read.set(revision, found);
  const [oldest] = read.keys();
  if (read.size > MOST_KNOWN && oldest !== undefined) read.delete(oldest);
  return found;
}

type Said = Pick<RevisionSummary, 'revision' | 'note' | 'changes'>;

/** In the words of the revision list: the note when there is one, else the first change, and how many more. */
export function markText({ revision, note, changes }: Said, first: string | undefined): string {
  if (note !== '') return `r${revision} ${note}`;
  const more = changes.length > 1 ? ` +${changes.length - 1} more` : '';
  return `r${revision} ${first ?? ''}${more}`.trim();
}

/**
 * Marks of `revisions`, oldest first and without gaps up to the newest, that changed what is called `pool`
 * now; it may have had another name then.
 */
export function marksOfPool(
  revisions: readonly (Said & { at: number })[],
  pool: string,
  sidesOf: (revision: number) => RevisionSides,
): RevisionMark[] {
  const marks: RevisionMark[] = [];
  let name = pool;
  for (const revision of revisions.toReversed()) {
    const was = nameBefore(revision.changes, name);
    const first = firstChange(revision.changes, { was, name }, sidesOf(revision.revision));
    if (first !== undefined) marks.push({ at: revision.at, text: markText(revision, first) });
    name = was;
  }
  return marks.reverse();
}

interface PoolNames {
  /** Before the revision. */
  was: string;
  name: string;
}

function nameBefore(changes: readonly string[], name: string): string {
  for (const change of changes) {
    const renamed = RENAMED.exec(change);
    if (renamed?.[1] === 'pool' && renamed[3] === name) return renamed[2] ?? name;
  }
  return name;
}

function firstChange(
  changes: readonly string[],
  { was, name }: PoolNames,
  { before, after }: RevisionSides,
): string | undefined {
  if (!before.pools.has(was) && !after.pools.has(name)) return undefined;
  const leading = [
    ...before.routes.filter(({ pool }) => pool === was),
    ...after.routes.filter(({ pool }) => pool === name),
  ];
  const waysIn: WaysIn = {
    listeners: new Set(leading.map(({ listener }) => listener)),
    routes: new Set(leading.map(({ listener, name: route }) => `${listener}/${route}`)),
  };
  return changes.find((change) => concerns(change, name, waysIn));
}

/** What led to the pool; routes as "listener/route". */
interface WaysIn {
  listeners: ReadonlySet<string>;
  routes: ReadonlySet<string>;
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
const FIELD = /^[^:]*? of (?:(pool|listener|route|certificate) )?([\w.-]+(?:\/[\w.-]+)?): /;
const ORDER = /^reorder (?:backends|routes|certificates) of (pool|listener) (\S+)$/;
const ORDER_OF_NO_POOL: ReadonlySet<string> = new Set(['reorder pools', 'reorder listeners']);

function concerns(change: string, pool: string, waysIn: WaysIn): boolean {
  if (ORDER_OF_NO_POOL.has(change)) return false;
  const renamed = RENAMED.exec(change);
  if (renamed) return renamed.slice(2).some((name) => ownerOf(name ?? '') === pool);
  const whole = WHOLE.exec(change) ?? ORDER.exec(change);
  if (whole) return isAbout({ noun: whole[1] as Noun, name: whole[2] ?? '' }, pool, waysIn);
  const field = FIELD.exec(change);
  if (field === null) return true;
  const noun = (field[1] ?? 'backend') as Noun;
  return isAbout({ noun, name: field[2] ?? '' }, pool, waysIn);
}

function isAbout({ noun, name }: Subject, pool: string, waysIn: WaysIn): boolean {
  if (noun === 'pool' || noun === 'backend') return ownerOf(name) === pool;
  if (noun === 'route') return waysIn.routes.has(name);
  return waysIn.listeners.has(ownerOf(name));
}

/** "api/api-3" → "api". */
function ownerOf(name: string): string {
  return name.split('/')[0] ?? name;
}
