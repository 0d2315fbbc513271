// Keeps the Config of the fake core by the rules of the real one: what an edit comes to, its sentences and
// its effect on drains are those of src/main/app. Only where it keeps it differs: in memory, and what
// "runs" is said, not done. Made by fake-core.ts.
import { backendKey } from '#shared/backend-ref.ts';
import type { AdminState, BackendConfig } from '#shared/config/backend.ts';
import { type Config, emptyConfig } from '#shared/config/config.ts';
import type { Event, RevisionSummary } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import { describeChanges } from '../../src/main/app/changes.ts';
import type { ConfigKeeper } from '../../src/main/app/edit-operations.ts';
import { editedConfig, isSameConfig, overruledIntents } from '../../src/main/app/edit-outcome.ts';
import { findBackend, type Rename, renamedBackends } from '../../src/main/app/edits.ts';
import type { FakeState } from './fake-core.ts';
import type { Scene } from './fake-scene.ts';

export interface SavedRevision {
  summary: RevisionSummary;
  config: Config;
}

export interface FakeConfigurationOptions {
  state: FakeState;
  emit(event: Event): void;
  /** Sends a Status. */
  announce(): void;
}

export function fakeConfiguration({ state, emit, announce }: FakeConfigurationOptions): ConfigKeeper {
  const revision = () => newestRevision(state);
  return {
    current: () => ({ revision: revision(), config: state.config }),
    at(number) {
      if (number === 0) return emptyConfig();
      const found = state.revisions.find(({ summary }) => summary.revision === number);
      if (found) return found.config;
      throw new AppError('not-found', `there is no revision ${number}; the newest is ${revision()}`);
    },
    async edit(make, author, note) {
      const edit = make(state.config);
      const next = editedConfig(edit);
      if (revision() > 0 && isSameConfig(next, state.config)) return { revision: revision(), changed: false };
      const renames = edit.renames ?? [];
      const changes = describeChanges(state.config, next, renames);
      carryOver(state, next, renames);
      const summary = { revision: revision() + 1, at: state.now, author, note, changes };
      state.config = next;
      state.revisions = [{ summary, config: next }, ...state.revisions];
      if (!state.engineHangs) state.appliedRevision = summary.revision;
      emit({ type: 'revision', value: summary });
      announce();
      return { revision: summary.revision, changed: true };
    },
    adminOf: (pool, backend) => fakeAdminOf(state, pool, backend),
    async setState(pool, name, wanted) {
      const backend = findBackend(state.config, pool, name);
      const previous = fakeAdminOf(state, pool, backend);
      if (previous === wanted) return previous;
      if (wanted === backend.state) state.intents.delete(backendKey(pool, name));
      else state.intents.set(backendKey(pool, name), { state: wanted, at: state.now });
      announce();
      return previous;
    },
  };
}

/** Newest first: each with the sentences that tell it from the one before. */
export function sceneRevisions(scene: Scene, config: Config, now: number): SavedRevision[] {
  let after = config;
  return scene.revisions.map(({ agoMs, author, note, before }, i) => {
    const older = before(after);
    const revision = scene.revisions.length - i;
    const changes = describeChanges(older, after);
    const saved = { summary: { revision, at: now - agoMs, author, note, changes }, config: after };
    after = older;
    return saved;
  });
}

export function newestRevision(state: FakeState): number {
  return state.revisions[0]?.summary.revision ?? 0;
}

export function fakeAdminOf(state: FakeState, pool: string, backend: BackendConfig): AdminState {
  return state.intents.get(backendKey(pool, backend.name))?.state ?? backend.state;
}

/** What got another name keeps its script and its drain; what the new Config overrules or lacks is forgotten. */
function carryOver(state: FakeState, next: Config, renames: readonly Rename[]): void {
  for (const { from, to } of renames.flatMap((rename) => renamedBackends(state.config, rename))) {
    moveKey(state.scripts, backendKey(from.pool, from.backend), backendKey(to.pool, to.backend));
    moveKey(state.intents, backendKey(from.pool, from.backend), backendKey(to.pool, to.backend));
  }
  for (const { pool, backend } of overruledIntents(state.config, next, renames)) {
    state.intents.delete(backendKey(pool, backend));
  }
  const known = new Set(
    next.pools.flatMap((pool) => pool.backends.map(({ name }) => backendKey(pool.name, name))),
  );
  for (const key of state.intents.keys()) if (!known.has(key)) state.intents.delete(key);
}

function moveKey<V>(map: Map<string, V>, from: string, to: string): void {
  const value = map.get(from);
  if (value === undefined) return;
  map.delete(from);
  map.set(to, value);
}
