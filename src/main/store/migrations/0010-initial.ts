// The first schema. Times are ms since the epoch (`at`) or seconds (`at_s`). What people did
// (revisions, intents) is kept for ever and append-only where it is a record; what was measured is
// clustered by series and time, so a period of one backend is one range. A rollup level is one more
// table like samples_1s, beside it.
import type { Migration } from './index.ts';

export const initial: Migration = {
  version: 10,
  name: 'initial',
  sql: `
    CREATE TABLE revisions (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      author TEXT NOT NULL,
      note TEXT NOT NULL,
      changes TEXT NOT NULL CHECK (json_valid(changes)),
      config TEXT NOT NULL CHECK (json_valid(config))
    ) STRICT;
    CREATE INDEX revisions_at ON revisions (at);
    CREATE TRIGGER revisions_no_update BEFORE UPDATE ON revisions
      BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END;
    CREATE TRIGGER revisions_no_delete BEFORE DELETE ON revisions
      BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END;

    CREATE TABLE intents (
      pool TEXT NOT NULL,
      backend TEXT NOT NULL,
      state TEXT NOT NULL,
      config_state TEXT NOT NULL,
      author TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (pool, backend)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE intent_log (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      pool TEXT NOT NULL,
      backend TEXT NOT NULL,
      from_state TEXT NOT NULL,
      to_state TEXT NOT NULL,
      author TEXT NOT NULL
    ) STRICT;
    CREATE INDEX intent_log_at ON intent_log (at);
    CREATE TRIGGER intent_log_no_update BEFORE UPDATE ON intent_log
      BEGIN SELECT RAISE(ABORT, 'the intent log is append-only'); END;
    CREATE TRIGGER intent_log_no_delete BEFORE DELETE ON intent_log
      BEGIN SELECT RAISE(ABORT, 'the intent log is append-only'); END;

    CREATE TABLE settings (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL CHECK (json_valid(value))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE imports (
      path TEXT PRIMARY KEY,
      sha256 TEXT NOT NULL,
      at INTEGER NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE runs (
      id INTEGER PRIMARY KEY,
      started_at INTEGER NOT NULL,
      last_seen_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE series (
      id INTEGER PRIMARY KEY,
      pool TEXT NOT NULL,
      backend TEXT NOT NULL,
      UNIQUE (pool, backend)
    ) STRICT;

    CREATE TABLE samples_1s (
      series INTEGER NOT NULL REFERENCES series (id),
      at_s INTEGER NOT NULL,
      requests INTEGER NOT NULL,
      status_2xx INTEGER NOT NULL,
      status_3xx INTEGER NOT NULL,
      status_4xx INTEGER NOT NULL,
      status_5xx INTEGER NOT NULL,
      errors INTEGER NOT NULL,
      bytes_in INTEGER NOT NULL,
      bytes_out INTEGER NOT NULL,
      p50_us INTEGER,
      p95_us INTEGER,
      p99_us INTEGER,
      latency BLOB NOT NULL,
      PRIMARY KEY (series, at_s)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE checks (
      series INTEGER NOT NULL REFERENCES series (id),
      at INTEGER NOT NULL,
      ok INTEGER NOT NULL,
      code TEXT NOT NULL,
      took_ms REAL NOT NULL,
      detail TEXT NOT NULL,
      PRIMARY KEY (series, at)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE transitions (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      series INTEGER NOT NULL REFERENCES series (id),
      from_state TEXT NOT NULL,
      to_state TEXT NOT NULL,
      check_result TEXT CHECK (check_result IS NULL OR json_valid(check_result))
    ) STRICT;
    CREATE INDEX transitions_series_at ON transitions (series, at);
    CREATE INDEX transitions_at ON transitions (at);

    CREATE TABLE incidents (
      id INTEGER PRIMARY KEY,
      series INTEGER NOT NULL REFERENCES series (id),
      start_at INTEGER NOT NULL,
      end_at INTEGER,
      cause TEXT NOT NULL
    ) STRICT;
    CREATE INDEX incidents_start ON incidents (start_at);
    CREATE UNIQUE INDEX incidents_one_open ON incidents (series) WHERE end_at IS NULL;
  `,
};
