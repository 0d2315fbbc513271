// Where anything in the window says what happened; ui/toast.tsx shows it. Apart, so that the live layer
// can report a refusal without knowing how it is drawn.
import type { Tone } from './state-marks.ts';

export interface ToastRequest {
  title: string;
  detail?: string;
  /** `down` marks a refusal and stays longer. */
  tone?: Extract<Tone, 'down' | 'warn'>;
  /** A toast with the same key takes the place of the one before. */
  key?: string;
  action?: { label: string; run: () => void };
}

const presenters = new Set<(request: ToastRequest) => void>();

export function showToast(request: ToastRequest): void {
  for (const present of presenters) present(request);
}

/** Called by the toaster; returns a function that ends it. */
export function onToast(present: (request: ToastRequest) => void): () => void {
  presenters.add(present);
  return () => presenters.delete(present);
}
