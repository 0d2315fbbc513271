// How components read the core: parts of the live store, the newest Config, and answers to questions the
// live stream does not carry. One import for everything a page reads.
import { type DependencyList, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type {
  OperationInput,
  OperationName,
  OperationOutput,
  Settings,
  SystemInfo,
} from '#shared/contract.ts';
import type { WireError } from '#shared/errors.ts';
import type { BackendStatus, ListenerStatus, PoolStatus, SystemStatus } from '#shared/status.ts';
import { type SavedConfig, savedConfig, watchConfig } from './config-cache.ts';
import { call } from './connection.ts';
import type { LiveState } from './live-state.ts';
import { getLiveState, watchLive } from './store.ts';

/**
 * A selector must return a part of the state or a primitive: the reducer keeps identity, so a component
 * renders only when its part changed.
 */
export function useLive<T>(selector: (state: LiveState) => T): T {
  return useSyncExternalStore(
    watchLive,
    useCallback(() => selector(getLiveState()), [selector]),
  );
}

const NO_POOLS: readonly PoolStatus[] = [];
const NO_LISTENERS: readonly ListenerStatus[] = [];

const selectPools = (state: LiveState) => state.status?.pools ?? NO_POOLS;
const selectListeners = (state: LiveState) => state.status?.listeners ?? NO_LISTENERS;
const selectSystem = (state: LiveState) => state.system;
const selectSettings = (state: LiveState) => state.settings;
const selectInfo = (state: LiveState) => state.info;

export function usePools(): readonly PoolStatus[] {
  return useLive(selectPools);
}

export function usePool(name: string): PoolStatus | undefined {
  return usePools().find((pool) => pool.name === name);
}

export function useBackend(pool: string, name: string): BackendStatus | undefined {
  return usePool(pool)?.backends.find((backend) => backend.name === name);
}

export function useListeners(): readonly ListenerStatus[] {
  return useLive(selectListeners);
}

export function useSystem(): SystemStatus | null {
  return useLive(selectSystem);
}

export function useSettings(): Settings | null {
  return useLive(selectSettings);
}

export function useInfo(): SystemInfo | null {
  return useLive(selectInfo);
}

/** The newest Config. Undefined until the first answer; then the last known one while a newer is fetched. */
export function useConfig(): SavedConfig | undefined {
  return useSyncExternalStore(watchConfig, savedConfig);
}

export interface QueryOptions {
  /** Ask again this often. Default: only when something changes. */
  refreshMs?: number;
  /** Ask again when one of these changes. The input counts anyway, by content. */
  deps?: DependencyList;
  /** Off while false; the last answer stays. Default true. */
  enabled?: boolean;
}

export interface QueryAnswer<T> {
  data: T | undefined;
  error: WireError | undefined;
  /** `data` or `error` answers an earlier input; the answer to this one is awaited. */
  outdated: boolean;
  reload: () => void;
}

const selectEpoch = (state: LiveState) => state.epoch;

/**
 * Keeps an answer fresh: on a timer, when the input or a dependency changes, after a reconnect. Paused
 * while the window is hidden; the last answer stays. `input` may be a function, for inputs that hold the
 * time of asking; then it is `deps` that say when to ask anew.
 */
export function useQuery<K extends OperationName>(
  operation: K,
  input: OperationInput<K> | (() => OperationInput<K>),
  options: QueryOptions = {},
): QueryAnswer<OperationOutput<K>> {
  const { refreshMs, deps = [], enabled = true } = options;
  const epoch = useLive(selectEpoch);
  const [answer, setAnswer] = useState<{ data?: OperationOutput<K>; error?: WireError; inputKey?: string }>(
    {},
  );
  const latestInput = useRef(input);
  latestInput.current = input;
  const inputKey = typeof input === 'function' ? '' : JSON.stringify(input);
  const latestKey = useRef(inputKey);
  latestKey.current = inputKey;
  const round = useRef(0);

  const reload = useCallback(() => {
    const mine = ++round.current;
    const mineKey = latestKey.current;
    const current = latestInput.current;
    const value = typeof current === 'function' ? (current as () => OperationInput<K>)() : current;
    void call(operation, value).then((result) => {
      // A later question outranks an earlier one whose answer was slow.
      if (mine !== round.current) return;
      setAnswer((before) =>
        result.ok
          ? { data: result.value, inputKey: mineKey }
          : { ...before, error: result.error, inputKey: mineKey },
      );
    });
  }, [operation]);

  const depsKey = useDepsKey(deps);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys stand for what the answer depends on
  useEffect(() => {
    if (!enabled || epoch === 0) return;
    reload();
    if (refreshMs === undefined) return;
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, refreshMs);
    return () => clearInterval(timer);
  }, [reload, inputKey, depsKey, epoch, refreshMs, enabled]);

  useEffect(
    () => () => {
      // An answer that arrives after unmounting must not be kept.
      round.current += 1;
    },
    [],
  );
  return { data: answer.data, error: answer.error, outdated: answer.inputKey !== inputKey, reload };
}

/** A number that changes when any dependency does; effects need a list of fixed length. */
function useDepsKey(deps: DependencyList): number {
  const state = useRef<{ deps: DependencyList; key: number }>({ deps, key: 0 });
  const before = state.current;
  if (before.deps.length !== deps.length || deps.some((dep, i) => !Object.is(dep, before.deps[i]))) {
    state.current = { deps, key: before.key + 1 };
  }
  return state.current.key;
}
