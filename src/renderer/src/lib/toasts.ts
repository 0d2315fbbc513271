// Where anything in the window says what happened; ui/toast.tsx draws it. A channel, so that the live
// layer can report a refusal without knowing how it looks.
import type { Tone } from './state-marks.ts';

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface ToastRequest {
  title: string;
  detail?: string;
  /** `down` marks a refusal and stays longer. */
  tone?: Extract<Tone, 'down' | 'warn'>;
  /** One with the same key takes the place of the one before. */
  key?: string;
  action?: ToastAction;
  /** Left of `action`: another way on. */
  offer?: ToastAction;
}

const listeners = new Set<(request: ToastRequest) => void>();

export function showToast(request: ToastRequest): void {
  for (const listener of listeners) listener(request);
}

/** Called by the toaster; returns a function that ends it. */
export function onToast(listener: (request: ToastRequest) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
