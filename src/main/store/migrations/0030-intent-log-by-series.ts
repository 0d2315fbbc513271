// The intent log names a backend by its series, as all that is measured does, so that what was logged
// follows it to a new name. Whose series an entry is of may therefore change; what it records never does.
import type { Migration } from './index.ts';

export const intentLogBySeries: Migration = {
  version: 30,
  name: 'intent-log-by-series',
  sql: `
    INSERT OR IGNORE INTO series (pool, backend) SELECT DISTINCT pool, backend FROM intent_log;
    ALTER TABLE intent_log RENAME TO intent_log_by_name;
    CREATE TABLE intent_log (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      series INTEGER NOT NULL REFERENCES series (id),
      from_state TEXT NOT NULL,
      to_state TEXT NOT NULL,
      author TEXT NOT NULL
    ) STRICT;
    INSERT INTO intent_log (id, at, series, from_state, to_state, author)
      SELECT logged.id, at, series.id, from_state, to_state, author
      FROM intent_log_by_name AS logged JOIN series USING (pool, backend);
    DROP TABLE intent_log_by_name;
    CREATE INDEX intent_log_at ON intent_log (at);
    CREATE INDEX intent_log_series ON intent_log (series);
    CREATE TRIGGER intent_log_no_update BEFORE UPDATE OF id, at, from_state, to_state, author ON intent_log
      BEGIN SELECT RAISE(ABORT, 'the intent log is append-only'); END;
    CREATE TRIGGER intent_log_no_delete BEFORE DELETE ON intent_log
      BEGIN SELECT RAISE(ABORT, 'the intent log is append-only'); END;
  `,
};
