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
import { type BackendRef, backendKey, refsOf } from '#shared/backend-ref.ts';
import type { AdminState, BackendConfig } from '#shared/config/backend.ts';
import { type Config, emptyConfig } from '#shared/config/config.ts';
import type { Author, RevisionSummary, Saved } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
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
import { describeChanges } from './changes.ts';
import type { Draining, Drains } from './drains.ts';
import { editedConfig, isSameConfig, overruledIntents, refuseOnInput } from './edit-outcome.ts';
import { type Edit, findBackend, renamedBackends } from './edits.ts';
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
  /**
   * Saves and runs an edit of the newest Config; answers once the engine runs it. An edit that changes nothing
   * saves nothing, and does not wait for one that is still on its way to the engine.
   */
  edit(make: (config: Config) => Edit, author: Author, note: string): Promise<Saved>;
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
  retire(checked: readonly BackendRef[]): void;
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
      refsOf(config),
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
      pruneIntents(db, refsOf(next));
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
      const next = editedConfig(edit);
      if (edit.landed) refuseOnInput(options.tls.fileIssues(config, next, edit.landed.at), edit.landed);
      if (revision > 0 && isSameConfig(next, config)) return { revision, changed: false };
      save(edit, next, author, note);
      const made = revision;
      await deploy();
      return { revision: made, changed: true };
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

/** Those whose health goes on being known; of any other an open incident could never end. */
function checkedBackends({ pools }: Config): BackendRef[] {
  return refsOf({ pools: pools.filter((pool) => pool.healthCheck !== undefined) });
}
