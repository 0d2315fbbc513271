// What a person does to backends and revisions, each as one undoable act. Pages, menus, shortcuts and
// the palette all call these, so an act means the same wherever it is started.
import { backendKey } from '#shared/backend-ref.ts';
import type { AdminState } from '#shared/config/backend.ts';
import type { Config } from '#shared/config/config.ts';
import type { Saved } from '#shared/contract.ts';
import type { Result } from '#shared/errors.ts';
import type { Status } from '#shared/status.ts';
import { policyUsesWeights } from '../lib/share.ts';
import { showToast } from '../lib/toasts.ts';
import { call } from './connection.ts';
import { latestSave } from './latest-save.ts';
import { clearPending, markPending } from './pending.ts';
import { canonicalRevision, sameContent } from './revision-identity.ts';
import { getLiveState } from './store.ts';
import { recordUndo, type UndoEntry } from './undo.ts';
import { showError } from './use-command.ts';

type ToastExtras = Pick<UndoEntry, 'detail' | 'offer'>;

/** Of its own: what the undo toast offers stays on offer. */
const UNCHANGED_KEY = 'unchanged';

const DONE_WORD: Readonly<Record<AdminState, string>> = {
  enabled: 'Enabled',
  draining: 'Drained',
  disabled: 'Disabled',
};

export function setBackendState(pool: string, backend: string, state: AdminState): Promise<boolean> {
  return setBackendStates(pool, [backend], state);
}

/** One act for many backends: one toast, one undo. Resolves to whether all of them took it. */
export async function setBackendStates(
  pool: string,
  backends: readonly string[],
  state: AdminState,
): Promise<boolean> {
  const results = await Promise.all(backends.map((backend) => sendState(pool, backend, state)));
  const before: { backend: string; state: AdminState }[] = [];
  results.forEach((result, i) => {
    const backend = backends[i];
    if (result.ok && backend !== undefined && result.value.previous !== state) {
      before.push({ backend, state: result.value.previous });
    }
  });
  const refused = results.find((result) => !result.ok);
  if (refused && !refused.ok) showError(refused.error);
  if (before.length > 0) {
    const subject = before.length === 1 ? before[0]?.backend : `${before.length} backends of ${pool}`;
    recordUndo({
      label: `${DONE_WORD[state]} ${subject}`,
      undo: () =>
        firstFailure(before.map(({ backend, state: previous }) => sendState(pool, backend, previous))),
      redo: () => firstFailure(before.map(({ backend }) => sendState(pool, backend, state))),
    });
  }
  return refused === undefined;
}

async function sendState(pool: string, backend: string, state: AdminState) {
  const key = backendKey(pool, backend);
  markPending(key, (status) => findBackend(status, pool, backend)?.admin === state);
  const result = await call('backends.setState', { pool, backend, state });
  if (!result.ok) clearPending(key);
  return result;
}

export function setBackendWeight(pool: string, backend: string, weight: number): Promise<boolean> {
  return setBackendWeights(pool, [{ backend, weight }]);
}

export interface WeightChange {
  backend: string;
  weight: number;
}

/** Changes weights as one revision, after the one under way. Resolves to whether it was saved. */
export function setBackendWeights(pool: string, wanted: readonly WeightChange[]): Promise<boolean> {
  return saveInTurn(pool, wanted);
}

/** Weights a save answered for that no Status has shown yet, by pool. */
const answered = new Map<string, { revision: number; weights: ReadonlyMap<string, number> }>();

const saveInTurn = latestSave<readonly WeightChange[]>(sendWeights, (older, newer) => [
  ...older.filter(({ backend }) => !newer.some((change) => change.backend === backend)),
  ...newer,
]);

async function sendWeights(pool: string, wanted: readonly WeightChange[]): Promise<boolean> {
  const { status } = getLiveState();
  const last = answered.get(pool);
  const newer = last !== undefined && last.revision > (status?.revision ?? 0) ? last.weights : undefined;
  const changes = wanted.filter(({ backend, weight }) => {
    return (newer?.get(backend) ?? findBackend(status, pool, backend)?.weight) !== weight;
  });
  if (changes.length === 0) return true;
  for (const { backend, weight } of changes) {
    markPending(backendKey(pool, backend), (next) => findBackend(next, pool, backend)?.weight === weight);
  }
  const result = await saveWeights(pool, changes);
  if (!result.ok) {
    for (const { backend } of changes) clearPending(backendKey(pool, backend));
    showError(result.error);
    return false;
  }
  answered.set(pool, {
    revision: result.value.revision,
    weights: new Map([...(newer ?? []), ...changes.map(({ backend, weight }) => [backend, weight] as const)]),
  });
  const [first] = changes;
  const label =
    changes.length === 1 && first
      ? `Weight of ${first.backend} set to ${first.weight}`
      : `New split of ${pool}`;
  recordRevisionUndo(label, result.value, ignoresWeights(pool));
  return true;
}

/** A weight that has no effect must not look as if it had one. */
function ignoresWeights(pool: string): ToastExtras {
  const policy = getLiveState().status?.pools.find(({ name }) => name === pool)?.policy;
  if (policy === undefined || policyUsesWeights(policy)) return {};
  return {
    detail: 'Round robin ignores weights: the split stays as it is.',
    offer: { label: 'Split by weight', run: () => void splitByWeight(pool) },
  };
}

/** Switches the pool to the policy that follows weights. */
export async function splitByWeight(pool: string): Promise<void> {
  const saved = await editConfig(`${pool} splits by weight`, (config) => ({
    ...config,
    pools: config.pools.map((each) =>
      each.name === pool ? { ...each, policy: 'weighted-round-robin' } : each,
    ),
  }));
  if (saved.ok) recordRevisionUndo(`${pool} splits by weight`, saved.value);
  else showError(saved.error);
}

function saveWeights(pool: string, changes: readonly WeightChange[]): Promise<Result<Saved>> {
  const [only] = changes;
  if (changes.length === 1 && only) return call('backends.setWeight', { pool, ...only });
  const weights = new Map(changes.map(({ backend, weight }) => [backend, weight]));
  const names = changes.map(({ backend, weight }) => `${backend} ${weight}`).join(', ');
  return editConfig(`split of ${pool}: ${names}`, (config) => ({
    ...config,
    pools: config.pools.map((each) =>
      each.name !== pool
        ? each
        : {
            ...each,
            backends: each.backends.map((backend) => ({
              ...backend,
              weight: weights.get(backend.name) ?? backend.weight,
            })),
          },
    ),
  }));
}

/** Changes the newest Config as one revision; when another change comes first, applies to that one. */
export async function editConfig(note: string, edit: (config: Config) => Config): Promise<Result<Saved>> {
  for (let attempt = 1; ; attempt++) {
    const current = await call('config.get', {});
    if (!current.ok) return current;
    const { revision, config } = current.value;
    const saved = await call('config.apply', { config: edit(config), note, baseRevision: revision });
    if (saved.ok || saved.error.code !== 'conflict' || attempt === 3) return saved;
  }
}

/** Makes an older revision the newest again. */
export async function rollback(revision: number): Promise<boolean> {
  const result = await call('revisions.rollback', { revision });
  if (!result.ok) {
    showError(result.error);
    return false;
  }
  recordRevisionUndo(`Rolled back to r${revision}`, result.value);
  noteOrigin(result.value, revision);
  return true;
}

/**
 * Makes a saved edit undoable: call it with what the command answered. Undo goes back to the revision
 * before, and refuses once somebody else has changed something since. For a save that changed nothing
 * there is nothing to take back: the revision before would be that of another change.
 */
export function recordRevisionUndo(
  label: string,
  { revision, changed }: Saved,
  extras: ToastExtras = {},
): void {
  if (!changed) {
    showToast({ key: UNCHANGED_KEY, title: 'Nothing changed', detail: 'The config was like this already.' });
    return;
  }
  recordUndo({
    ...extras,
    label,
    undo: () => goTo(revision - 1, revision),
    redo: () => goTo(revision, revision - 1),
  });
}

async function goTo(target: number, expected: number): Promise<Result<unknown>> {
  // Asked for, not read from the store: the events of this window's own last change may still be on their way.
  const newest = await call('revisions.list', { limit: 1 });
  if (!newest.ok) return newest;
  const latest = newest.value.revisions[0]?.revision ?? expected;
  if (canonicalRevision(latest) !== canonicalRevision(expected)) {
    return {
      ok: false,
      error: {
        code: 'conflict',
        message: `r${latest} came after this change; choose what to restore under Revisions`,
      },
    };
  }
  const result = await call('revisions.rollback', { revision: target });
  if (result.ok) noteOrigin(result.value, target);
  return result;
}

/** A revision that was there already keeps the origin it is known by: undo entries wait for that one. */
function noteOrigin({ revision, changed }: Saved, original: number): void {
  if (changed) sameContent(revision, original);
}

async function firstFailure(results: readonly Promise<Result<unknown>>[]): Promise<Result<unknown>> {
  const settled = await Promise.all(results);
  return settled.find((result) => !result.ok) ?? { ok: true, value: null };
}

function findBackend(status: Status | null, pool: string, backend: string) {
  return status?.pools.find(({ name }) => name === pool)?.backends.find(({ name }) => name === backend);
}
