// Every Config that was ever saved, numbered 1, 2, 3 … and never changed: triggers refuse it. Written
// by the app's configuration, read by it at start, for rollback and for history's markers.
import { type Config, parseSaved } from '#shared/config/config.ts';
import type { RevisionSummary } from '#shared/contract.ts';
import { summarize } from '#shared/errors.ts';
import { type ReadDb, transaction, type WriteDb } from './db.ts';

export interface NewRevision {
  at: number;
  author: RevisionSummary['author'];
  note: string;
  changes: readonly string[];
  config: Config;
}

export interface Revision extends RevisionSummary {
  config: Config;
}

/** What a Config leads where, without the rest of it, which may be large. */
export interface RevisionRoutes {
  pools: ReadonlySet<string>;
  routes: readonly { listener: string; name: string; pool: string }[];
}

interface SummaryRow {
  id: number;
  at: number;
  author: string;
  note: string;
  changes: string;
}

interface Row extends SummaryRow {
  config: string;
}

const SUMMARY = 'id, at, author, note, changes';

/** Returns the number it got. */
export function saveRevision(db: WriteDb, { at, author, note, changes, config }: NewRevision): number {
  const insert = db.prepare(
    'INSERT INTO revisions (at, author, note, changes, config) VALUES (?, ?, ?, ?, ?)',
  );
  return transaction(db, () => {
    const row = insert.run(at, author, note, JSON.stringify(changes), JSON.stringify(config));
    return Number(row.lastInsertRowid);
  });
}

export function latestRevision(db: ReadDb): Revision | undefined {
  const row = db.prepare<[], Row>(`SELECT ${SUMMARY}, config FROM revisions ORDER BY id DESC LIMIT 1`).get();
  return row && revisionOf(row);
}

export function getRevision(db: ReadDb, revision: number): Revision | undefined {
  const row = db
    .prepare<[number], Row>(`SELECT ${SUMMARY}, config FROM revisions WHERE id = ?`)
    .get(revision);
  return row && revisionOf(row);
}

/** Newest first; `before` continues a list at the revision it ended with. */
export function listRevisions(
  db: ReadDb,
  filter: { limit: number; before?: number | undefined },
): RevisionSummary[] {
  return db
    .prepare<[number, number], SummaryRow>(
      `SELECT ${SUMMARY} FROM revisions WHERE id < ? ORDER BY id DESC LIMIT ?`,
    )
    .all(filter.before ?? Number.MAX_SAFE_INTEGER, filter.limit)
    .map(summaryOf);
}

/** Saved from `from` up to but not at `to`, oldest first. */
export function listRevisionsBetween(db: ReadDb, from: number, to: number): RevisionSummary[] {
  return db
    .prepare<[number, number], SummaryRow>(
      `SELECT ${SUMMARY} FROM revisions WHERE at >= ? AND at < ? ORDER BY at, id`,
    )
    .all(from, to)
    .map(summaryOf);
}

/** Empty for revision 0, and for one that is not there. */
export function revisionRoutes(db: ReadDb, revision: number): RevisionRoutes {
  const pools = db.prepare<[number], { name: string }>(
    `SELECT json_extract(pool.value, '$.name') AS name
     FROM revisions, json_each(revisions.config, '$.pools') AS pool WHERE revisions.id = ?`,
  );
  const routes = db.prepare<[number], RevisionRoutes['routes'][number]>(
    `SELECT json_extract(listener.value, '$.name') AS listener,
       json_extract(route.value, '$.name') AS name, json_extract(route.value, '$.pool') AS pool
     FROM revisions, json_each(revisions.config, '$.listeners') AS listener,
       json_each(listener.value, '$.routes') AS route WHERE revisions.id = ?`,
  );
  return { pools: new Set(pools.all(revision).map(({ name }) => name)), routes: routes.all(revision) };
}

function summaryOf(row: SummaryRow): RevisionSummary {
  const { id, at, author, note, changes } = row;
  return {
    revision: id,
    at,
    author: author as RevisionSummary['author'],
    note,
    changes: JSON.parse(changes),
  };
}

/** Parsed again, so that fields newer than the revision have their defaults. */
function revisionOf(row: Row): Revision {
  const parsed = parseSaved(JSON.parse(row.config));
  if (!parsed.ok)
    throw new Error(`revision ${row.id} cannot be read by this Sluice: ${summarize(parsed.issues)}`);
  return { ...summaryOf(row), config: parsed.value };
}
