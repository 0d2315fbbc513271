// What can be taken back. Every action leaves an entry that knows how to undo itself through the core;
// the stack lives as long as the window. Nothing is undone silently: each step says what it did.
import { useSyncExternalStore } from 'react';
import type { Result } from '#shared/errors.ts';
import { showToast, type ToastAction } from '../lib/toasts.ts';
import { createWatchers } from '../lib/watchers.ts';
import { showError } from './use-command.ts';

export interface UndoEntry {
  /** What was done, past tense: "Drained api-4". */
  label: string;
  undo: () => Promise<Result<unknown>>;
  /** What to know about it, and what one may rather want. */
  detail?: string;
  offer?: ToastAction;
  /** Does it again; without it the entry cannot be redone. */
  redo?: () => Promise<Result<unknown>>;
}

const ENTRIES_KEPT = 100;
/** One toast for the whole stack: an older one would offer to undo what is undone. */
const TOAST_KEY = 'undo';

let done: readonly UndoEntry[] = [];
let undone: readonly UndoEntry[] = [];
let busy = false;
const { watch, publish } = createWatchers();

export function recordUndo(entry: UndoEntry): void {
  done = [...done, entry].slice(-ENTRIES_KEPT);
  undone = [];
  publish();
  showToast({
    key: TOAST_KEY,
    title: entry.label,
    detail: entry.detail,
    offer: entry.offer,
    action: { label: 'Undo', run: () => void undoEntry(entry) },
  });
}

/** Takes back the newest entry; does nothing while another step is on its way. */
export async function undoLast(): Promise<void> {
  const entry = done.at(-1);
  if (!entry) showToast({ key: TOAST_KEY, title: 'Nothing to undo' });
  else await undoEntry(entry);
}

export async function redoLast(): Promise<void> {
  const entry = undone.at(-1);
  if (!entry?.redo) {
    showToast({ key: TOAST_KEY, title: 'Nothing to redo' });
    return;
  }
  const { redo } = entry;
  if (!(await step(redo))) return;
  undone = undone.filter((other) => other !== entry);
  done = [...done, entry];
  publish();
  showToast({
    key: TOAST_KEY,
    title: `Redone: ${entry.label}`,
    action: { label: 'Undo', run: () => void undoEntry(entry) },
  });
}

async function undoEntry(entry: UndoEntry): Promise<void> {
  if (!done.includes(entry) || !(await step(entry.undo))) return;
  done = done.filter((other) => other !== entry);
  if (entry.redo) undone = [...undone, entry];
  publish();
  showToast({ key: TOAST_KEY, title: `Undone: ${entry.label}` });
}

async function step(run: () => Promise<Result<unknown>>): Promise<boolean> {
  if (busy) return false;
  busy = true;
  const result = await run();
  busy = false;
  if (!result.ok) showError(result.error);
  return result.ok;
}

/** What Ctrl Z would take back, for the palette and for buttons; null for nothing. */
export function useUndoLabel(): string | null {
  return useSyncExternalStore(watch, () => done.at(-1)?.label ?? null);
}

export function useRedoLabel(): string | null {
  return useSyncExternalStore(watch, () => undone.at(-1)?.label ?? null);
}
