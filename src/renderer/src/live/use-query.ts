// Asks the core for something the live stream does not carry and keeps it fresh: on a timer, when a
// dependency changes, after a reconnect. Paused while the window is hidden; the last answer stays.
import { type DependencyList, useCallback, useEffect, useRef, useState } from 'react';
import type { OperationInput, OperationName, OperationOutput } from '#shared/contract.ts';
import type { WireError } from '#shared/errors.ts';
import { call } from './connection.ts';
import type { LiveState } from './live-state.ts';
import { useLive } from './use-live.ts';

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
  reload: () => void;
}

const selectEpoch = (state: LiveState) => state.epoch;

/**
 * `input` may be a function, for inputs that hold the time of asking; then it is `deps` that say when
 * to ask anew.
 */
export function useQuery<K extends OperationName>(
  operation: K,
  input: OperationInput<K> | (() => OperationInput<K>),
  options: QueryOptions = {},
): QueryAnswer<OperationOutput<K>> {
  const { refreshMs, deps = [], enabled = true } = options;
  const epoch = useLive(selectEpoch);
  const [answer, setAnswer] = useState<{ data?: OperationOutput<K>; error?: WireError }>({});
  const latestInput = useRef(input);
  latestInput.current = input;
  const round = useRef(0);

  const reload = useCallback(() => {
    const mine = ++round.current;
    const current = latestInput.current;
    const value = typeof current === 'function' ? (current as () => OperationInput<K>)() : current;
    void call(operation, value).then((result) => {
      // A later question outranks an earlier one whose answer was slow.
      if (mine !== round.current) return;
      setAnswer((before) => (result.ok ? { data: result.value } : { ...before, error: result.error }));
    });
  }, [operation]);

  const inputKey = typeof input === 'function' ? '' : JSON.stringify(input);
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

  // An answer that arrives after unmounting must not be kept.
  useEffect(() => () => void (round.current += 1), []);
  return { data: answer.data, error: answer.error, reload };
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
