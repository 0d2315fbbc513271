// How long a spec over sockets waits for what shall become true. All of it does within milliseconds; the
// limit is for a small machine on which every other spec runs at the same time, and bounds nothing.
// Vitest's own second is too short for that and cannot be configured. A setup file (vitest.config.ts).
import { vi } from 'vitest';

const PATIENCE_MS = 10_000;

const { waitFor } = vi;
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: PATIENCE_MS, ...options });
