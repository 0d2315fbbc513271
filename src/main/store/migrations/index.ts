// The list of all migrations, oldest first. A released one is never edited: a change is a new file.
// Numbers leave room between them, so that two branches rarely choose the same.
import { initial } from './0010-initial.ts';
import { incidentsOfABackend } from './0020-incidents-of-a-backend.ts';
import { intentLogBySeries } from './0030-intent-log-by-series.ts';

export interface Migration {
  /** Becomes the file's user_version. */
  version: number;
  name: string;
  /** Plain SQL, run in one transaction with the change of the version. */
  sql: string;
}

export const MIGRATIONS: readonly Migration[] = [initial, incidentsOfABackend, intentLogBySeries];
