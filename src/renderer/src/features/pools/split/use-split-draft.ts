// The weights a person is trying out: one draft for the whole board, so the split bar, the sliders
// and the Target column move together. Invariant: while nothing is tried, everything shown is Status.
import { useCallback, useMemo, useRef, useState } from 'react';
import type { PoolStatus } from '#shared/status.ts';
import { setBackendWeights } from '../../../live/actions.ts';
import { useHeld } from '../use-held.ts';
import { changedWeights, sharesByWeight, type WeightedBackend } from './split-weights.ts';

export type DraftPhase =
  | 'live'
  /** A handle or slider is held or key presses are gathered; nothing was sent. */
  | 'dragging'
  /** Sent, not yet confirmed by a Status. */
  | 'saving';

/** What applies the weights that are tried: letting go, a moment without a key press, or Enter. */
export type DraftEnd = 'release' | 'soon' | 'enter';

export interface SplitDraft {
  phase: DraftPhase;
  /** Of the newest that was tried; counts while `dragging`. */
  ends: DraftEnd;
  /** In pool order, as shown now. */
  weights: readonly WeightedBackend[];
  /** The same without what is tried: what a change is made to, so that it takes along no other client's. */
  settled: readonly WeightedBackend[];
  /** Share of new requests by name, as shown now. */
  shares: ReadonlyMap<string, number>;
  /** Backends that get new requests now. */
  inRotation: ReadonlySet<string>;
  preview: (weights: readonly WeightedBackend[], ends: DraftEnd) => void;
  commit: (weights: readonly WeightedBackend[]) => void;
  cancel: () => void;
}

export function useSplitDraft(pool: PoolStatus): SplitDraft {
  const [dragged, setDragged] = useState<readonly WeightedBackend[] | null>(null);
  const [ends, setEnds] = useState<DraftEnd>('release');
  const actual = useMemo(() => pool.backends.map(({ name, weight }) => ({ name, weight })), [pool.backends]);
  const { held, hold, release } = useHeld<readonly WeightedBackend[]>(weightsKey(actual));
  const inRotation = useMemo(
    () => new Set(pool.backends.filter((backend) => backend.targetShare > 0).map((backend) => backend.name)),
    [pool.backends],
  );
  const tried = dragged ?? held;
  const settled = held ?? actual;
  const shares = useMemo(() => {
    if (tried !== null) return sharesByWeight(tried, inRotation);
    return new Map(pool.backends.map((backend) => [backend.name, backend.targetShare]));
  }, [tried, inRotation, pool.backends]);

  // What was asked for last counts as well as Status: what goes back to an old weight while the save of a
  // newer one is under way is a change too.
  const asked = useRef<readonly WeightedBackend[]>(actual);
  const commit = useCallback(
    (weights: readonly WeightedBackend[]) => {
      setDragged(null);
      const before = asked.current;
      const changed = new Set(
        [...changedWeights(actual, weights), ...changedWeights(before, weights)].map(nameOf),
      );
      if (changed.size === 0) return;
      asked.current = weights;
      hold(weights, weightsKey(weights));
      const wanted = weights.filter(({ name }) => changed.has(name));
      void setBackendWeights(
        pool.name,
        wanted.map(({ name, weight }) => ({ backend: name, weight })),
      ).then((saved) => {
        // A later one may be held by now.
        if (!saved && asked.current === weights) release();
      });
    },
    [actual, hold, release, pool.name],
  );
  const preview = useCallback<SplitDraft['preview']>((weights, by) => {
    setDragged(weights);
    setEnds(by);
  }, []);
  const cancel = useCallback(() => setDragged(null), []);

  return useMemo(
    () => ({
      phase: dragged !== null ? 'dragging' : held !== null ? 'saving' : 'live',
      ends,
      weights: tried ?? actual,
      settled,
      shares,
      inRotation,
      preview,
      commit,
      cancel,
    }),
    [dragged, held, ends, tried, actual, settled, shares, inRotation, preview, commit, cancel],
  );
}

const nameOf = ({ name }: WeightedBackend): string => name;

function weightsKey(weights: readonly WeightedBackend[]): string {
  return weights.map(({ name, weight }) => `${name}=${weight}`).join(' ');
}

/** The same weights with some of them changed; a change of what is not among them is left out. */
export function withWeights(
  weights: readonly WeightedBackend[],
  changes: readonly WeightedBackend[],
): readonly WeightedBackend[] {
  return weights.map((backend) => changes.find(({ name }) => name === backend.name) ?? backend);
}
