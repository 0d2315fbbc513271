// Writes the past into the store: samples with the run's heartbeat every second, probe results in
// the same batch, transitions at once; forgets what is older than the retention, a little at a time.
// Invariant: a store that cannot be written (disk full) never stops traffic; it is said in a notice.
import type { BackendRef } from '#shared/backend-ref.ts';
import type { Transition } from '#shared/history.ts';
import { insertChecks, pruneChecks } from '../store/checks.ts';
import { relaxedTransaction, type WriteDb } from '../store/db.ts';
import { startRun, touchRun } from '../store/runs.ts';
import { insertSamples, pruneSamples, type SampleRow } from '../store/samples.ts';
import { insertTransition, retireBackends } from '../store/transitions.ts';
import type { CheckedBackend } from './health-link.ts';
import { RETENTION_S } from './system.ts';

export interface Recorder {
  second(atS: number, rows: SampleRow[]): void;
  check(checked: CheckedBackend): void;
  transition(transition: Transition): void;
  /** Closes what was known of every backend that is not probed any more. */
  retire(checked: readonly BackendRef[]): void;
  notice(): string | null;
  /** Writes what is still waiting. */
  flush(): void;
}

/** Little at a time: 3,000 rows every 2 s outrun 1,000 busy backends and never stall the core. */
const PRUNE_EVERY_S = 2;
const PRUNE_ROWS = 3_000;
/** Once nothing is left to forget: to look through 1,000 series costs as much as to record their second. */
const PRUNE_REST_S = 60;
/** A longer silence than this was the machine asleep: it begins a run of its own, not a stretch of zeros. */
const ASLEEP_AFTER_MS = 10_000;
/** Bounds what waits while the disk refuses. */
const MAX_WAITING_CHECKS = 10_000;

export function createRecorder(db: WriteDb, now: () => number): Recorder {
  let waiting: CheckedBackend[] = [];
  let notice: string | null = null;
  let run = 0;
  let lastSeenAt = now();
  let nextPruneS = 0;

  /** Runs a write; a failure becomes the notice, a success clears it. */
  function attempt(write: () => void): boolean {
    try {
      write();
      notice = null;
      return true;
    } catch (error) {
      notice = `history cannot be written: ${error instanceof Error ? error.message : String(error)}; traffic goes on`;
      return false;
    }
  }

  attempt(() => {
    run = startRun(db, now());
  });

  function flushChecks() {
    if (waiting.length === 0) return;
    insertChecks(db, waiting);
    waiting = [];
  }

  function touchOrStartRun() {
    const at = now();
    if (at - lastSeenAt > ASLEEP_AFTER_MS) run = startRun(db, at);
    else touchRun(db, run, at);
    lastSeenAt = at;
  }

  /** Forgets a part of what is older; seconds until the next part is due. */
  function prune(beforeS: number): number {
    let pruned = 0;
    attempt(() => {
      pruned += pruneSamples(db, beforeS, PRUNE_ROWS);
      pruned += pruneChecks(db, beforeS * 1000, PRUNE_ROWS);
    });
    return pruned === 0 ? PRUNE_REST_S : PRUNE_EVERY_S;
  }

  return {
    second(atS, rows) {
      const stored = attempt(() =>
        relaxedTransaction(db, () => {
          insertSamples(db, atS, rows);
          flushChecks();
          touchOrStartRun();
        }),
      );
      if (stored && atS >= nextPruneS) nextPruneS = atS + prune(atS - RETENTION_S);
    },
    check(checked) {
      waiting.push(checked);
      if (waiting.length > MAX_WAITING_CHECKS) waiting.splice(0, waiting.length - MAX_WAITING_CHECKS);
    },
    transition(transition) {
      attempt(() => insertTransition(db, transition));
    },
    retire(checked) {
      attempt(() => retireBackends(db, checked, now()));
    },
    notice: () => notice,
    flush() {
      attempt(() => {
        flushChecks();
        touchRun(db, run, now());
      });
    },
  };
}
