import { describe, expect, it } from 'vitest';
import type { AdminState } from '#shared/config/backend.ts';
import type { BackendStatus, PoolStatus } from '#shared/status.ts';
import { NO_DRAINS, trackDrains } from '../../../../src/renderer/src/live/drain-progress.ts';

function pools(admin: AdminState, inFlight: number, since = 0): PoolStatus[] {
  const backend = { name: 'a', admin, inFlight, since } as BackendStatus;
  return [{ name: 'api', backends: [backend] } as PoolStatus];
}
const KEY = 'api/a';

describe('following a drain', () => {
  it('starts from what was in flight just before', () => {
    const state = trackDrains(NO_DRAINS, pools('enabled', 21), { at: 5000, pools: pools('draining', 19) });
    expect(state.get(KEY)).toEqual({ startedAt: 5000, startCount: 21, drainedAt: null });
  });

  it('does not invent a start for a drain it did not see begin', () => {
    const state = trackDrains(NO_DRAINS, undefined, { at: 9000, pools: pools('draining', 3, 4000) });
    expect(state.get(KEY)).toEqual({ startedAt: 4000, startCount: null, drainedAt: null });
  });

  it('raises the start when a request is counted late', () => {
    const begun = trackDrains(NO_DRAINS, pools('enabled', 2), { at: 1000, pools: pools('draining', 2) });
    const later = trackDrains(begun, pools('draining', 2), { at: 1200, pools: pools('draining', 4) });
    expect(later.get(KEY)?.startCount).toBe(4);
  });

  it('remembers when nothing was left, and forgets that when something comes back', () => {
    const begun = trackDrains(NO_DRAINS, pools('enabled', 2), { at: 1000, pools: pools('draining', 2) });
    const done = trackDrains(begun, pools('draining', 2), { at: 4000, pools: pools('draining', 0) });
    const still = trackDrains(done, pools('draining', 0), { at: 6000, pools: pools('draining', 0) });
    expect(done.get(KEY)?.drainedAt).toBe(4000);
    expect(still).toBe(done);
    const back = trackDrains(still, pools('draining', 0), { at: 7000, pools: pools('draining', 1) });
    expect(back.get(KEY)?.drainedAt).toBeNull();
  });

  it('forgets a backend that is enabled again', () => {
    const begun = trackDrains(NO_DRAINS, pools('enabled', 2), { at: 1000, pools: pools('draining', 2) });
    expect(trackDrains(begun, pools('draining', 2), { at: 2000, pools: pools('enabled', 2) }).size).toBe(0);
  });
});
