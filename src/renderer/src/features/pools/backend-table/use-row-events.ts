// What rows report, as one object that never changes, so that a row renders only when its backend
// does. Always works on the newest pool, draft and order.
import { useMemo, useRef } from 'react';
import type { RowSelection } from '../row-selection.ts';
import { extendTo, toggleRow } from '../row-selection.ts';
import { type SplitDraft, withWeights } from '../split/use-split-draft.ts';
import type { RowEvents } from './backend-row.tsx';
import type { RowFocus } from './use-row-focus.ts';

interface RowEventInputs {
  draft: SplitDraft;
  order: readonly string[];
  focus: RowFocus;
  setSelection: (change: (selection: RowSelection) => RowSelection) => void;
  showChecks: RowEvents['showChecks'];
}

export function useRowEvents(inputs: RowEventInputs): RowEvents {
  const latest = useRef(inputs);
  latest.current = inputs;
  return useMemo<RowEvents>(
    () => ({
      activate: (name) => latest.current.focus.setActive(name),
      select: (name, how) => {
        const { order, focus, setSelection } = latest.current;
        setSelection((selection) => {
          if (how === 'toggle') return toggleRow(selection, name);
          const anchored = selection.names.size === 0 ? { ...selection, anchor: focus.active } : selection;
          return extendTo(anchored, name, order);
        });
      },
      previewWeight: (name, weight, ends) => {
        const { draft } = latest.current;
        draft.preview(withWeights(draft.settled, [{ name, weight }]), ends);
      },
      commitWeight: (name, weight) => {
        const { draft } = latest.current;
        draft.commit(withWeights(draft.settled, [{ name, weight }]));
      },
      cancelWeight: () => latest.current.draft.cancel(),
      focusRow: (name) => latest.current.focus.focusRow(name),
      showChecks: (name, period) => latest.current.showChecks(name, period),
      appeared: (name, element) => latest.current.focus.appeared(name, element),
    }),
    [],
  );
}
