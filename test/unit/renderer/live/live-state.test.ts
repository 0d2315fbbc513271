// The reducer: the last word of the core, identity kept wherever nothing changed, memory bounded.
import { describe, expect, it } from 'vitest';
import type { Event, Snapshot } from '#shared/contract.ts';
import type { Sample } from '#shared/history.ts';
import {
  initialState,
  type LiveState,
  latestRevision,
  reduce,
  SAMPLES_KEPT,
  TRANSITIONS_KEPT,
} from '../../../../src/renderer/src/live/live-state.ts';
import { createFakeCore } from '../../../support/fake-core.ts';
import { boardScene } from '../../../support/fake-scene.ts';

const NOW = 1_700_000_000_000;

function snapshot(): Snapshot {
  const core = createFakeCore(boardScene(), NOW);
  return structuredClone(core.service.events.snapshot().snapshot);
}

function live(): LiveState {
  return reduce(initialState(), { type: 'snapshot', snapshot: snapshot() });
}

const sampleAt = (at: number): Sample => ({ at, pools: {} });

describe('a snapshot', () => {
  it('makes the state live and starts a new epoch', () => {
    const first = live();
    expect(first).toMatchObject({ connection: 'live', lostReason: null, epoch: 1 });
    expect(reduce(first, { type: 'snapshot', snapshot: snapshot() }).epoch).toBe(2);
  });

  it('keeps the identity of everything it repeats', () => {
    const first = live();
    const second = reduce(first, { type: 'snapshot', snapshot: snapshot() });
    expect(second.status).toBe(first.status);
    expect(second.settings).toBe(first.settings);
  });

  it('ends a lost connection', () => {
    const lost = reduce(live(), { type: 'lost', reason: 'gone', retrying: false });
    expect(lost).toMatchObject({ connection: 'lost', lostReason: 'gone', retrying: false });
    expect(lost.status).not.toBeNull();
    expect(reduce(lost, { type: 'snapshot', snapshot: snapshot() })).toMatchObject({
      connection: 'live',
      lostReason: null,
    });
  });
});

describe('a status', () => {
  it('that says nothing new changes nothing', () => {
    const state = live();
    expect(reduce(state, { type: 'event', event: { type: 'status', value: snapshot().status } })).toBe(state);
  });

  it('renews only what changed', () => {
    const state = live();
    const next = snapshot().status;
    next.pools[0]!.backends[2]!.inFlight = 77;
    const after = reduce(state, { type: 'event', event: { type: 'status', value: next } });
    const [before, now] = [state.status!.pools, after.status!.pools];
    expect(now[0]).not.toBe(before[0]);
    expect(now[0]!.backends[2]!.inFlight).toBe(77);
    expect(now[0]!.backends[0]).toBe(before[0]!.backends[0]);
    expect(now[1]).toBe(before[1]);
  });

  it('drops what is gone', () => {
    const state = live();
    const next = snapshot().status;
    next.pools.splice(1);
    const after = reduce(state, { type: 'event', event: { type: 'status', value: next } });
    expect(after.status!.pools.map(({ name }) => name)).toEqual(['api']);
    expect(after.status!.pools[0]).toBe(state.status!.pools[0]);
  });
});

describe('memory', () => {
  it('keeps the newest samples, each second once', () => {
    let state = live();
    for (let i = 1; i <= SAMPLES_KEPT + 20; i++) {
      state = reduce(state, { type: 'event', event: { type: 'sample', value: sampleAt(NOW + i * 1000) } });
    }
    expect(state.samples).toHaveLength(SAMPLES_KEPT);
    const last = NOW + (SAMPLES_KEPT + 20) * 1000;
    const again = reduce(state, { type: 'event', event: { type: 'sample', value: sampleAt(last) } });
    expect(again.samples).toHaveLength(SAMPLES_KEPT);
    expect(again.samples.at(-1)!.at).toBe(last);
  });

  it('keeps the newest transitions, newest first', () => {
    let state = live();
    for (let at = 1; at <= TRANSITIONS_KEPT + 5; at++) {
      const value = { at, pool: 'api', backend: 'api-1', from: 'up', to: 'down', check: null } as const;
      state = reduce(state, { type: 'event', event: { type: 'transition', value } });
    }
    expect(state.transitions).toHaveLength(TRANSITIONS_KEPT);
    expect(state.transitions[0]!.at).toBe(TRANSITIONS_KEPT + 5);
  });
});

describe('the newest revision', () => {
  it('is the highest heard of', () => {
    const state = live();
    expect(latestRevision(initialState())).toBe(0);
    expect(latestRevision(state)).toBe(42);
    const event: Event = {
      type: 'revision',
      value: { revision: 43, at: NOW, author: 'cli', note: '', changes: [] },
    };
    expect(latestRevision(reduce(state, { type: 'event', event }))).toBe(43);
  });
});
