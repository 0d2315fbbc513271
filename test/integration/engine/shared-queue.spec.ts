// The limit of a backend between threads that choose it in the very same moment.
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createPage } from '../../../src/main/engine/telemetry/layout.ts';
import type { Crowding } from '../../support/crowding-thread.ts';

const THREAD = new URL('../../support/crowding-thread.ts', import.meta.url);

describe('two threads that crowd one backend', () => {
  it('W3 are never inside together when there is room for one', async () => {
    const pages = [createPage(), createPage()];
    const shared = {
      fence: new SharedArrayBuffer(4),
      seen: new SharedArrayBuffer(16),
      limit: 1,
      rounds: 400_000,
    };
    const crowd = (own: number): Promise<void> => {
      const workerData: Crowding = { ...shared, own: pages[own]!, peer: pages[1 - own]! };
      const worker = new Worker(THREAD, { workerData });
      return new Promise((resolve, reject) => worker.once('error', reject).once('exit', () => resolve()));
    };
    await Promise.all([crowd(0), crowd(1)]);
    const [, inside, most, entries] = new Int32Array(shared.seen);
    expect(most).toBe(1);
    expect(inside).toBe(0);
    expect(entries).toBeGreaterThan(1000);
  });
});
