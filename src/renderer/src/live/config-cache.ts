// The newest Config, fetched once per revision and shared by every component that shows it. The live
// stream carries only Status; the Config is asked for when someone needs it.
import type { OperationOutput } from '#shared/contract.ts';
import { call } from './connection.ts';
import { latestRevision } from './live-state.ts';
import { getLiveState, watchLive } from './store.ts';

export type SavedConfig = OperationOutput<'config.get'>;

let cached: SavedConfig | undefined;
let wantedRevision = -1;
let endWatch: (() => void) | undefined;
const watchers = new Set<() => void>();

export function savedConfig(): SavedConfig | undefined {
  return cached;
}

/** Fetches while somebody watches. */
export function watchConfig(onChange: () => void): () => void {
  watchers.add(onChange);
  if (watchers.size === 1) {
    endWatch = watchLive(refresh);
    refresh();
  }
  return () => {
    watchers.delete(onChange);
    if (watchers.size === 0) endWatch?.();
  };
}

function refresh(): void {
  const state = getLiveState();
  if (state.connection !== 'live') return;
  const revision = latestRevision(state);
  if (cached?.revision === revision || wantedRevision === revision) return;
  wantedRevision = revision;
  void call('config.get', {}).then((result) => {
    wantedRevision = -1;
    if (!result.ok) return;
    cached = result.value;
    for (const onChange of [...watchers]) onChange();
    // Another revision may have been saved while this one was on its way.
    if (cached.revision < latestRevision(getLiveState())) refresh();
  });
}
