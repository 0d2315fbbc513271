// The title bar's sentence: the worst truth first, and never "Proxying" while it is not.
import { describe, expect, it } from 'vitest';
import type { PoolCondition } from '#shared/status.ts';
import { brokenPageText } from '../../../../src/renderer/src/features/frame/broken-text.ts';
import { engineVerdict } from '../../../../src/renderer/src/features/frame/engine-verdict.ts';
import { initialState, type LiveState, reduce } from '../../../../src/renderer/src/live/live-state.ts';
import { NO_TRAFFIC } from '../../../../src/renderer/src/live/traffic-seconds.ts';
import { createFakeCore, type FakeCore } from '../../../support/fake-core.ts';
import { boardScene, emptyScene } from '../../../support/fake-scene.ts';

const NOW = 1_700_000_000_000;

function stateAfter(change: (core: FakeCore) => void, scene = boardScene()): LiveState {
  const core = createFakeCore(scene, NOW);
  change(core);
  return reduce(initialState(), { type: 'snapshot', snapshot: core.service.events.snapshot().snapshot });
}

/** Pools in these states, called pool-1 and so on. */
function withPools(...states: PoolCondition[]): LiveState {
  const state = stateAfter(() => {});
  const [pool] = state.status?.pools ?? [];
  if (state.status === null || pool === undefined) throw new Error('the scene has a pool');
  const pools = states.map((each, i) => ({
    ...pool,
    name: `pool-${i + 1}`,
    state: each,
    serving: each === 'up' || each === 'degraded' ? 1 : 0,
    unservedPerS: 0,
    backends: each === 'empty' ? [] : pool.backends,
  }));
  return { ...state, status: { ...state.status, pools } };
}

const FAILED = { state: 'failed', error: 'port 8080 is in use by nginx' } as const;

describe('the engine’s state', () => {
  it.each<[string, LiveState, string, string]>([
    ['all is well', withPools('up', 'degraded'), 'up', 'Proxying · r42 applied'],
    ['nothing is known yet', initialState(), 'off', 'Connecting'],
    [
      'the core is gone',
      reduce(
        stateAfter(() => {}),
        { type: 'lost', reason: 'x', retrying: true },
      ),
      'down',
      'Not connected',
    ],
    ['no engine runs', stateAfter((core) => core.setSystem({ engineWorkers: 0 })), 'down', 'Engine stopped'],
    [
      'one listener failed',
      stateAfter((core) => core.setListener('web', FAILED)),
      'warn',
      'Listener web failed',
    ],
    [
      'every listener failed',
      stateAfter((core) => {
        for (const name of ['web', 'admin', 'store']) core.setListener(name, FAILED);
      }),
      'down',
      '3 listeners failed',
    ],
    [
      'every listener failed to move but goes on where it was',
      stateAfter((core) => {
        for (const name of ['web', 'admin', 'store'])
          core.setListener(name, { ...FAILED, servedAddress: '127.0.0.1:8079' });
      }),
      'warn',
      '3 listeners failed',
    ],
    [
      'a revision is saved but not applied',
      stateAfter((core) => {
        core.state.appliedRevision = 41;
      }),
      'warn',
      'r42 saved · r41 runs',
    ],
    ['there is no listener', stateAfter(() => {}, emptyScene()), 'off', 'No listeners'],
  ])('when %s', (_, state, tone, text) => {
    expect(engineVerdict(state)).toMatchObject({ tone, text });
  });

  it.each<[string, PoolCondition[], string, string | undefined]>([
    ['has every backend down', ['up', 'down'], 'Proxying · pool-2 has no backend', 'pool-2'],
    ['waits for the first checks', ['up', 'checking'], 'Proxying · pool-2 waits for checks', 'pool-2'],
    ['is out while another waits', ['checking', 'down'], 'Proxying · pool-2 has no backend', 'pool-2'],
    ['is not the only one', ['down', 'up', 'down'], 'Proxying · 2 pools have no backend', 'pool-1'],
  ])('is amber and says so in words while a pool %s', (_, states, text, pool) => {
    expect(engineVerdict(withPools(...states))).toMatchObject({ tone: 'warn', shape: 'half', text, pool });
  });

  it.each(['empty', 'off'] as const)('minds a pool that is %s once requests come for it', (meant) => {
    expect(engineVerdict(withPools('up', meant)).tone).toBe('up');
    const state = withPools('up', meant);
    const [first, second] = state.status?.pools ?? [];
    if (state.status === null || !first || !second) throw new Error('the scene has pools');
    const pools = [first, { ...second, unservedPerS: 0.5 }];
    expect(engineVerdict({ ...state, status: { ...state.status, pools } }).text).toBe(
      'Proxying · pool-2 has no backend',
    );
  });

  it.each([
    [59_000, 'warn'],
    [61_000, 'up'],
  ])('minds it for a minute: %i ms later it is %s', (laterMs, tone) => {
    const state = withPools('up', 'off');
    if (state.status === null) throw new Error('the scene has a status');
    const { at } = state.status;
    const total = { ...NO_TRAFFIC, requests: 5, errors: 5 };
    const samples = [{ at, pools: { 'pool-2': { total, backends: {} } } }];
    expect(engineVerdict({ ...state, samples, status: { ...state.status, at: at + laterMs } }).tone).toBe(
      tone,
    );
  });

  it('shortens a long name rather than what is wrong with it', () => {
    const state = withPools('down');
    const pools = (state.status?.pools ?? []).map((pool) => ({ ...pool, name: 'many-backends-of-the-shop' }));
    if (state.status === null) throw new Error('the scene has a status');
    const said = engineVerdict({ ...state, status: { ...state.status, pools } });
    expect(said.text).toBe('Proxying · many-backends-of-… has no backend');
    expect(said.detail).toMatch(/^many-backends-of-the-shop: /);
  });

  it('names the pool that is down, why, and leads there', () => {
    const state = stateAfter(() => {});
    const [pool] = state.status?.pools ?? [];
    if (state.status === null || pool === undefined) throw new Error('the scene has a pool');
    const backends = pool.backends.map(
      (backend) => ({ ...backend, admin: 'enabled', weight: 0, health: 'up' }) as const,
    );
    const pools = [{ ...pool, state: 'down', backends } as const];
    expect(engineVerdict({ ...state, status: { ...state.status, pools } })).toMatchObject({
      shape: 'half',
      tone: 'warn',
      text: 'Proxying · api has no backend',
      detail: 'api: Every backend has weight 0: nothing takes new requests',
      pool: 'api',
    });
  });

  it('tells why a listener failed', () => {
    expect(engineVerdict(stateAfter((core) => core.setListener('web', FAILED))).detail).toContain(
      'in use by nginx',
    );
  });
});

describe('what a page that broke says of the balancing', () => {
  const lost = reduce(
    stateAfter(() => {}),
    { type: 'lost', reason: 'x', retrying: true },
  );
  it.each<[string, LiveState, string]>([
    ['connected', withPools('up'), 'Sluice itself last said: Proxying · r42 applied.'],
    ['connected, no engine', stateAfter((core) => core.setSystem({ engineWorkers: 0 })), 'Engine stopped.'],
    ['cut off', lost, 'This window is not connected to Sluice and cannot tell whether it balances.'],
    ['not yet connected', initialState(), 'This window is not connected to Sluice and cannot tell'],
  ])('%s', (_, state, text) => {
    expect(brokenPageText(state)).toMatch(/^It is a fault of this window\. /);
    expect(brokenPageText(state)).toContain(text);
  });
});
