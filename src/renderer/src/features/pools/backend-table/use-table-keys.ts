// What each key of the board does to the table: rows, selection, filter and the current backend.
// The keys themselves are in use-board-keys.
import type { RefObject } from 'react';
import type { PoolStatus } from '#shared/status.ts';
import { setBackendStates } from '../../../live/actions.ts';
import { toggleBackends } from '../backend-actions.ts';
import { openAddBackend, openEditBackend, openRemoveBackends } from '../pool-dialogs.ts';
import { extendTo, NOTHING_SELECTED, type RowSelection, selectAll, toggleRow } from '../row-selection.ts';
import { useBoardKeys } from './use-board-keys.ts';
import type { RowFocus } from './use-row-focus.ts';

interface TableKeysInputs {
  pool: PoolStatus;
  /** Names of the rows as they are shown. */
  order: readonly string[];
  focus: RowFocus;
  grid: RefObject<HTMLElement | null>;
  selection: RowSelection;
  setSelection: (change: (selection: RowSelection) => RowSelection) => void;
  clearText: () => void;
  showChecks: (backend: string) => void;
  inRow: boolean;
}

export function useTableKeys(inputs: TableKeysInputs): void {
  const { pool, order, focus, grid, selection, setSelection, clearText, showChecks, inRow } = inputs;
  const { active } = focus;
  /** What a state key is about: the selection, else the current row. */
  const targets = selection.names.size > 0 ? [...selection.names] : active === null ? [] : [active];

  useBoardKeys(
    {
      move: (delta, extend) => {
        const to = focus.moveBy(delta);
        if (!extend || to === null) return;
        // The first row of a range is where the cursor stood, not what was selected long ago.
        setSelection((current) =>
          extendTo(current.names.size === 0 ? { ...current, anchor: active } : current, to, order),
        );
      },
      pick: (position) => {
        const name = order[position];
        if (name !== undefined) focus.focusRow(name);
      },
      toggleState: () => {
        toggleBackends(
          pool.name,
          pool.backends.filter(({ name }) => targets.includes(name)),
        );
      },
      drain: () => void setBackendStates(pool.name, targets, 'draining'),
      disable: () => void setBackendStates(pool.name, targets, 'disabled'),
      edit: () => {
        if (active !== null) openEditBackend(pool.name, active);
      },
      weight: () => {
        const bulk =
          selection.names.size === 0 ? null : document.querySelector<HTMLElement>('[data-bulk-weight]');
        if (bulk !== null) bulk.focus();
        else if (active !== null) focusWeight(grid.current, active, focus);
      },
      select: () => {
        if (active !== null) setSelection((current) => toggleRow(current, active));
      },
      selectAll: () => setSelection(() => selectAll(order)),
      remove: () => {
        if (targets.length > 0) openRemoveBackends(pool.name, targets);
      },
      add: () => openAddBackend(pool.name),
      details: () => {
        if (active !== null) showChecks(active);
      },
      escape: () => {
        if (selection.names.size > 0) setSelection(() => NOTHING_SELECTED);
        else clearText();
      },
    },
    inRow,
  );
}

function focusWeight(grid: HTMLElement | null, active: string, focus: RowFocus): void {
  const row = grid?.querySelector(`[data-row="${CSS.escape(active)}"]`);
  const input = row?.querySelector<HTMLInputElement>('[data-weight-input]');
  if (input) input.focus();
  // Scrolled out of a long list: first bring it back.
  else focus.focusRow(active);
}
