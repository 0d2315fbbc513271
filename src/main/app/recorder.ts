// Writes the past into the store: samples with the run's heartbeat every second, probe results in
// the same batch, transitions at once; forgets what is older than the retention, a little at a time.
// Invariant: a store that cannot be written (disk full) never stops traffic; it is said in a notice.
import type { Transition } from '#shared/history.ts';
import { insertChecks, pruneChecks } from '../store/checks.ts';
import { relaxedTransaction, type WriteDb } from '../store/db.ts';
import { startRun, touchRun } from '../store/runs.ts';
import { insertSamples, pruneSamples, type SampleRow } from '../store/samples.ts';
import { insertTransition } from '../store/transitions.ts';
import type { CheckedBackend } from './health-link.ts';
import { RETENTION_S } from './system.ts';

export interface Recorder {
  second(atS: number, rows: SampleRow[]): void;
  check(checked: CheckedBackend): void;
  transition(transition: Transition): void;
  notice(): string | null;
  /** Writes what is still waiting. */
  flush(): void;
}

const PRUNE_EVERY_S = 60;
const PRUNE_ROWS = 20_000;
/** Bounds what waits while the disk refuses. */
const MAX_WAITING_CHECKS = 10_000;

export function createRecorder(db: WriteDb, now: () => number): Recorder {
  let waiting: CheckedBackend[] = [];
  let notice: string | null = null;
  let run = 0;
  let lastPruneS = 0;

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

  return {
    second(atS, rows) {
      const stored = attempt(() =>
        relaxedTransaction(db, () => {
          insertSamples(db, atS, rows);
          flushChecks();
          touchRun(db, run, now());
        }),
      );
      if (!stored || atS - lastPruneS < PRUNE_EVERY_S) return;
      lastPruneS = atS;
      attempt(() => {
        pruneSamples(db, atS - RETENTION_S, PRUNE_ROWS);
        pruneChecks(db, (atS - RETENTION_S) * 1000, PRUNE_ROWS);
      });
    },
    check(checked) {
      waiting.push(checked);
      if (waiting.length > MAX_WAITING_CHECKS) waiting.splice(0, waiting.length - MAX_WAITING_CHECKS);
    },
    transition(transition) {
      attempt(() => insertTransition(db, transition));
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
