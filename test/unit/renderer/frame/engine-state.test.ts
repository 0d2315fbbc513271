// The title bar's sentence: the worst truth first, and never "Proxying" while it is not.
import { describe, expect, it } from 'vitest';
import { engineState } from '../../../../src/renderer/src/features/frame/engine-state.ts';
import { initialState, type LiveState, reduce } from '../../../../src/renderer/src/live/live-state.ts';
import { createFakeCore, type FakeCore } from '../../../support/fake-core.ts';
import { boardScene, emptyScene } from '../../../support/fake-scene.ts';

const NOW = 1_700_000_000_000;

function stateAfter(change: (core: FakeCore) => void, scene = boardScene(NOW)): LiveState {
  const core = createFakeCore(scene, NOW);
  change(core);
  return reduce(initialState(), { type: 'snapshot', snapshot: core.service.events.snapshot().snapshot });
}

const FAILED = { state: 'failed', error: 'port 8080 is in use by nginx' } as const;

describe('the engine’s state', () => {
  it.each<[string, LiveState, string, string]>([
    ['all is well', stateAfter(() => {}), 'up', 'Proxying · r42 applied'],
    ['nothing is known yet', initialState(), 'off', 'Connecting'],
    [
      'the core is gone',
      reduce(
        stateAfter(() => {}),
        { type: 'lost', reason: 'x' },
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
      'a revision is saved but not applied',
      stateAfter((core) => {
        core.state.appliedRevision = 41;
      }),
      'warn',
      'r42 saved · r41 runs',
    ],
    ['there is no listener', stateAfter(() => {}, emptyScene()), 'off', 'No listeners'],
  ])('when %s', (_, state, tone, text) => {
    expect(engineState(state)).toMatchObject({ tone, text });
  });

  it('names the pool that is down, why, and leads there', () => {
    const state = stateAfter(() => {});
    const [pool] = state.status?.pools ?? [];
    if (state.status === null || pool === undefined) throw new Error('the scene has a pool');
    const backends = pool.backends.map(
      (backend) => ({ ...backend, admin: 'enabled', weight: 0, health: 'up' }) as const,
    );
    const pools = [{ ...pool, state: 'down', backends } as const];
    expect(engineState({ ...state, status: { ...state.status, pools } })).toMatchObject({
      shape: 'half',
      tone: 'warn',
      text: 'Proxying · pool api down',
      detail: 'api: Every backend has weight 0: nothing takes new requests',
      pool: 'api',
    });
  });

  it('tells why a listener failed', () => {
    expect(engineState(stateAfter((core) => core.setListener('web', FAILED))).detail).toContain(
      'in use by nginx',
    );
  });
});
