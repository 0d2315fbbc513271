// Where the live layer says what happened; ui/toast.tsx shows it. A channel, so that a refusal can be
// reported without knowing how it is drawn.
import type { Tone } from './state-marks.ts';

export interface Announcement {
  title: string;
  detail?: string;
  /** `down` marks a refusal and stays longer. */
  tone?: Extract<Tone, 'down' | 'warn'>;
  /** One with the same key takes the place of the one before. */
  key?: string;
  action?: { label: string; run: () => void };
}

const listeners = new Set<(announcement: Announcement) => void>();

export function announce(announcement: Announcement): void {
  for (const listener of listeners) listener(announcement);
}

/** Called by the toaster; returns a function that ends it. */
export function onAnnouncement(listener: (announcement: Announcement) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
