// The one way a Config changes:
//
//   edit ─▶ parseConfig ─▶ save Revision ─▶ health targets ─▶ compilePlan ─▶ engine ─▶ applied
//            │ issues                                                          │ dead or stuck
//            ▼                                                                 ▼
//          refused whole, nothing changed                      saved; status shows the older applied one
//
// Also keeps runtime intent: a drain or disable made by hand wins over the Config's `state` until
// that value is edited, and survives restarts. What got another name keeps all that is known of it.
// Invariant: what is in memory was saved first.
import type { AdminState, BackendConfig } from '#shared/config/backend.ts';
import { type Config, emptyConfig, parseConfig } from '#shared/config/config.ts';
import type { Author, RevisionSummary } from '#shared/contract.ts';
import { AppError, type Issue, summarize } from '#shared/errors.ts';
import { compilePlan } from '../engine/compile.ts';
import type { SlotTable } from '../engine/slots.ts';
import { transaction, type WriteDb } from '../store/db.ts';
import {
  clearIntent,
  listIntents,
  logIntent,
  pruneIntents,
  renameIntents,
  setIntent,
} from '../store/intents.ts';
import { getRevision, latestRevision, saveRevision } from '../store/revisions.ts';
import { renameSeries } from '../store/series.ts';
import { backendKey } from './backend-key.ts';
import { describeChanges } from './changes.ts';
import type { Draining, Drains } from './drains.ts';
import { type Edit, findBackend, type Rename, renamedBackends } from './edits.ts';
import type { EngineLink } from './engine-link.ts';
import type { HealthLink } from './health-link.ts';
import type { TlsMaterial } from './tls-material.ts';

export interface Intent {
  state: AdminState;
  at: number;
}

export interface Configuration {
  current(): { revision: number; config: Config };
  /** Throws `not-found` for a revision that was never saved. */
  at(revision: number): Config;
  /** Saves and runs an edit of the newest Config; answers once the engine runs it. */
  edit(make: (config: Config) => Edit, author: Author, note: string): Promise<number>;
  /** Admin state as it counts: runtime intent, else the Config's. */
  adminOf(pool: string, backend: BackendConfig): AdminState;
  intentOf(pool: string, backend: string): Intent | undefined;
  setState(pool: string, backend: string, state: AdminState, author: Author): Promise<AdminState>;
  /** Hands the current Config to health and engine again: at start. */
  deploy(): Promise<void>;
}

export interface ConfigurationOptions {
  db: WriteDb;
  now(): number;
  /** Unique to this run of Sluice. */
  instance: string;
  engine: EngineLink;
  health: HealthLink;
  slots: SlotTable;
  drains: Drains;
  /** Reads what TLS needs from files. */
  tls: Pick<TlsMaterial, 'listenerTls' | 'poolTls' | 'prepare' | 'fileIssues'>;
  onRevision(summary: RevisionSummary): void;
  /** All backends but these are probed no more. */
  retire(checked: readonly { pool: string; backend: string }[]): void;
}

export function createConfiguration(options: ConfigurationOptions): Configuration {
  const { db, engine, health, slots, drains } = options;
  const saved = latestRevision(db);
  let revision = saved?.revision ?? 0;
  let config = saved?.config ?? emptyConfig();
  let intents = loadIntents(db);

  function adminOf(pool: string, backend: BackendConfig): AdminState {
    return intents.get(backendKey(pool, backend.name))?.state ?? backend.state;
  }

  function draining(): Draining[] {
    return config.pools.flatMap((pool) =>
      pool.backends
        .filter((backend) => adminOf(pool.name, backend) === 'draining')
        .map(({ name }) => ({
          pool: pool.name,
          backend: name,
          askedAt: intents.get(backendKey(pool.name, name))?.at,
        })),
    );
  }

  async function deploy() {
    // What is deployed is always the newest Config, so it must be that one which is prepared.
    for (let prepared: Config | undefined; prepared !== config; ) {
      prepared = config;
      await options.tls.prepare(prepared);
    }
    health.apply(config);
    options.retire(checkedBackends(config));
    drains.follow(draining());
    const generation = slots.retain(
      config.listeners.map((listener) => listener.name),
      config.pools.map((pool) => pool.name),
      config.pools.flatMap((pool) =>
        pool.backends.map((backend) => ({ pool: pool.name, backend: backend.name })),
      ),
    );
    const plan = compilePlan(config, {
      revision,
      instance: options.instance,
      slots,
      adminOf,
      drainingSince: drains.since,
      usableOf: health.usable,
      listenerTls: options.tls.listenerTls,
      poolTls: options.tls.poolTls,
    });
    const applied = await engine.apply(plan, {
      workers: config.engine.workers,
      pageCount: slots.pageCount(),
    });
    if (applied) slots.confirm(generation);
  }

  function save(edit: Edit, next: Config, author: Author, note: string) {
    const renames = edit.renames ?? [];
    const changes = describeChanges(config, next, renames);
    const at = options.now();
    const saved = transaction(db, () => {
      const number = saveRevision(db, { at, author, note, changes, config: next });
      for (const { from, to } of renames) {
        renameIntents(db, from, to);
        renameSeries(db, from, to);
      }
      for (const stale of overruledIntents(config, next, renames)) clearIntent(db, stale);
      pruneIntents(
        db,
        next.pools.flatMap((pool) =>
          pool.backends.map((backend) => ({ pool: pool.name, backend: backend.name })),
        ),
      );
      return number;
    });
    revision = saved;
    for (const { from, to } of renames.flatMap((rename) => renamedBackends(config, rename))) {
      slots.renameBackend(from, to);
      health.rename(from, to);
    }
    config = next;
    intents = loadIntents(db);
    options.onRevision({ revision, at, author, note, changes });
  }

  return {
    current: () => ({ revision, config }),
    at(number) {
      if (number === 0) return emptyConfig();
      const found = number === revision ? { config } : getRevision(db, number);
      if (!found)
        throw new AppError('not-found', `there is no revision ${number}; the newest is ${revision}`);
      return found.config;
    },
    async edit(make, author, note) {
      const edit = make(config);
      const parsed = parseConfig(edit.config);
      if (!parsed.ok) {
        const issues = edit.landed ? issuesOfInput(edit.config, edit.landed) : parsed.issues;
        throw new AppError('invalid', summarize(issues), issues);
      }
      const { landed } = edit;
      const unusable = landed ? options.tls.fileIssues(config, parsed.value, landed.at) : [];
      if (landed && unusable.length > 0) {
        const issues = unusable.map((issue) => relocate(issue, landed));
        throw new AppError('invalid', summarize(issues), issues);
      }
      if (JSON.stringify(parsed.value) === JSON.stringify(config) && revision > 0) return revision;
      save(edit, parsed.value, author, note);
      const made = revision;
      await deploy();
      return made;
    },
    adminOf,
    intentOf: (pool, backend) => intents.get(backendKey(pool, backend)),
    async setState(pool, name, state, author) {
      const backend = findBackend(config, pool, name);
      const previous = adminOf(pool, backend);
      if (previous === state) return previous;
      const at = options.now();
      transaction(db, () => {
        if (state === backend.state) clearIntent(db, { pool, backend: name });
        else setIntent(db, { pool, backend: name, state, configState: backend.state, author, at });
        logIntent(db, { at, pool, backend: name, from: previous, to: state, author });
      });
      intents = loadIntents(db);
      await deploy();
      return previous;
    },
    deploy,
  };
}

function loadIntents(db: WriteDb): Map<string, Intent> {
  return new Map(
    listIntents(db).map((intent) => [
      backendKey(intent.pool, intent.backend),
      { state: intent.state, at: intent.at },
    ]),
  );
}

/** Backends, by their new names, whose `state` the new Config says differently: the newer word of the person wins. */
function overruledIntents(
  before: Config,
  after: Config,
  renames: readonly Rename[],
): { pool: string; backend: string }[] {
  return after.pools.flatMap((pool) => {
    const renamed = renames.find((rename) => rename.to.pool === pool.name && rename.to.backend === undefined);
    const oldPool = before.pools.find((other) => other.name === (renamed?.from.pool ?? pool.name));
    return pool.backends
      .filter(({ name, state }) => {
        const moved = renames.find((rename) => rename.to.pool === pool.name && rename.to.backend === name);
        const old = oldPool?.backends.find((other) => other.name === (moved?.from.backend ?? name));
        return old !== undefined && old.state !== state;
      })
      .map((backend) => ({ pool: pool.name, backend: backend.name }));
  });
}

/** Those whose health goes on being known; of any other an open incident could never end. */
function checkedBackends(config: Config): { pool: string; backend: string }[] {
  return config.pools
    .filter((pool) => pool.healthCheck !== undefined)
    .flatMap((pool) => pool.backends.map((backend) => ({ pool: pool.name, backend: backend.name })));
}

interface Landed {
  at: string;
  as: string;
}

/**
 * The issues of an edited Config on the fields of the caller's input. Of two parts that clash, the
 * cross-check blames the later one; with the edited part moved to the end of its list, that is it.
 */
function issuesOfInput(config: Config, landed: Landed): Issue[] {
  const moved = structuredClone(config);
  const path = landed.at.split('.');
  const index = Number(path.pop());
  const list = path.reduce<unknown>(
    (node, key) => (node as Record<string, unknown>)[key],
    moved,
  ) as unknown[];
  list.push(...list.splice(index, 1));
  const at = [...path, list.length - 1].join('.');
  const parsed = parseConfig(moved);
  return parsed.ok ? [] : parsed.issues.map((issue) => relocate(issue, { at, as: landed.as }));
}

function relocate(issue: Issue, landed: Landed): Issue {
  if (issue.path === landed.at) return { ...issue, path: landed.as };
  if (!issue.path.startsWith(`${landed.at}.`)) return issue;
  return { ...issue, path: `${landed.as}${issue.path.slice(landed.at.length)}` };
}
