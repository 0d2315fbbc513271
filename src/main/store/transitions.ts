// Changes of health, kept for ever, and the incidents they make: a backend that was seen down is in an
// incident until it is seen up or no longer checked. Sluice being stopped in between ends nothing: a
// backend found down again is in the same incident. Written by the app's recorder.
import { type BackendRef, backendKey } from '#shared/backend-ref.ts';
import type { Incident, Transition } from '#shared/history.ts';
import type { CheckResult, HealthState } from '#shared/status.ts';
import { type ReadDb, relaxedTransaction, type WriteDb } from './db.ts';
import {
  type FilterParams,
  filterParams,
  MATCHES_FILTER,
  type SeriesFilter,
  seriesNumbering,
} from './series.ts';

export function insertTransition(db: WriteDb, { pool, backend, at, from, to, check }: Transition): void {
  const number = seriesNumbering(db);
  const insert = db.prepare(
    'INSERT INTO transitions (at, series, from_state, to_state, check_result) VALUES (?, ?, ?, ?, ?)',
  );
  relaxedTransaction(db, () => {
    const series = number(pool, backend);
    insert.run(at, series, from, to, check && JSON.stringify(check));
    if (to === 'down') startIncident(db, series, at, check);
    if (to === 'up' || to === 'unchecked') endIncident(db, series, at);
  });
}

/** The index allows one open incident per series; a second start is the same incident. */
function startIncident(db: WriteDb, series: number, at: number, check: CheckResult | null): void {
  db.prepare('INSERT OR IGNORE INTO incidents (series, start_at, cause) VALUES (?, ?, ?)').run(
    series,
    at,
    causeOf(check),
  );
}

function endIncident(db: WriteDb, series: number, at: number): void {
  db.prepare('UPDATE incidents SET end_at = max(?, start_at) WHERE series = ? AND end_at IS NULL').run(
    at,
    series,
  );
}

function causeOf(check: CheckResult | null): string {
  if (check === null) return '';
  return check.detail === '' ? check.code : `${check.code}: ${check.detail}`;
}

/**
 * Marks every backend that is not among `checked`, but was left in another state, as `unchecked` from
 * `at` on: it was removed or its check was taken away, so its incident cannot be seen to end.
 */
export function retireBackends(db: WriteDb, checked: Iterable<BackendRef>, at: number): void {
  const kept = new Set(Array.from(checked, ({ pool, backend }) => backendKey(pool, backend)));
  relaxedTransaction(db, () => {
    for (const { pool, backend, to } of lastTransitionsBefore(db, { at: Number.MAX_SAFE_INTEGER })) {
      if (to === 'unchecked' || kept.has(backendKey(pool, backend))) continue;
      insertTransition(db, { at, pool, backend, from: to, to: 'unchecked', check: null });
    }
  });
}

interface Row {
  at: number;
  pool: string;
  backend: string;
  from: HealthState;
  to: HealthState;
  checkResult: string | null;
}

/** For each backend the newest one before `at`: the state it was in at that moment. */
export function lastTransitionsBefore(db: ReadDb, filter: SeriesFilter & { at: number }): Transition[] {
  return db
    .prepare<[FilterParams & { at: number }], Row>(
      `SELECT transitions.at, series.pool, series.backend, from_state AS "from", to_state AS "to",
         check_result AS checkResult
       FROM series JOIN transitions ON transitions.id = (
         SELECT id FROM transitions AS earlier WHERE earlier.series = series.id AND earlier.at < @at
         ORDER BY earlier.at DESC, earlier.id DESC LIMIT 1)
       WHERE ${MATCHES_FILTER} ORDER BY series.pool, series.backend`,
    )
    .all({ ...filterParams(filter), at: filter.at })
    .map(transitionOf);
}

function transitionOf({ checkResult, ...row }: Row): Transition {
  return { ...row, check: checkResult === null ? null : (JSON.parse(checkResult) as CheckResult) };
}

/** That a backend entered state `to` at `at`. */
export interface StateEntry {
  id: number;
  at: number;
  to: HealthState;
}

export interface StateRange {
  /** From `listSeries`. */
  series: number;
  /** The state at this moment comes first, then what changed from here on. */
  from: number;
  /** Exclusive. */
  to: number;
  /** The last entry of the read before this one. */
  after?: { at: number; id: number } | undefined;
  limit: number;
}

/** Of one backend, oldest first, at most `limit`, without the checks that decided. */
export function readStates(db: ReadDb, { series, from, to, after, limit }: StateRange): StateEntry[] {
  const start = after ?? stateAt(db, series, from) ?? { at: from, id: 0 };
  const comparison = after === undefined ? '>=' : '>';
  return db
    .prepare<[number, number, number, number, number], StateEntry>(
      `SELECT id, at, to_state AS "to" FROM transitions
       WHERE series = ? AND (at, id) ${comparison} (?, ?) AND at < ? ORDER BY at, id LIMIT ?`,
    )
    .all(series, start.at, start.id, to, limit);
}

function stateAt(db: ReadDb, series: number, at: number): { at: number; id: number } | undefined {
  return db
    .prepare<[number, number], { at: number; id: number }>(
      'SELECT at, id FROM transitions WHERE series = ? AND at < ? ORDER BY at DESC, id DESC LIMIT 1',
    )
    .get(series, at);
}

export interface IncidentFilter extends SeriesFilter {
  from?: number | undefined;
  to?: number | undefined;
  limit: number;
}

/** Those that touch the period, newest first. */
export function listIncidents(db: ReadDb, filter: IncidentFilter): Incident[] {
  const { from = 0, to = Number.MAX_SAFE_INTEGER, limit, pool, backend } = filter;
  // Of all the newest are read from the end; of some, which may be long ago, by the index of their series.
  const ofSome =
    pool === undefined && backend === undefined
      ? ''
      : `AND incidents.series IN (SELECT id FROM series WHERE ${MATCHES_FILTER})`;
  return db
    .prepare<[FilterParams & { from: number; to: number; limit: number }], Incident>(
      `SELECT series.pool, series.backend, start_at AS start, end_at AS "end", cause
       FROM incidents JOIN series ON series.id = incidents.series
       WHERE start_at < @to AND (end_at IS NULL OR end_at > @from) ${ofSome}
       ORDER BY start_at DESC, incidents.id DESC LIMIT @limit`,
    )
    .all({ ...filterParams(filter), from, to, limit });
}
