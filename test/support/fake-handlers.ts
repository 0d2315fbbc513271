// What each operation does in the fake core. Those that read and change the Config are the core's own;
// what the core measures, probes or keeps on disk follows the scene.
import { BackendConfig } from '#shared/config/backend.ts';
import type { Config } from '#shared/config/config.ts';
import { ListenerConfig } from '#shared/config/listener.ts';
import { PoolConfig } from '#shared/config/pool.ts';
import type { Event, OperationName, SystemInfo } from '#shared/contract.ts';
import type { Handlers } from '#shared/rpc/serve.ts';
import { type ConfigKeeper, editOperations } from '../../src/main/app/edit-operations.ts';
import { findBackend } from '../../src/main/app/edits.ts';
import { fakeAuthority, fakeCertificates } from './fake-certificates.ts';
import { closeFakeConnections, fakeConnections } from './fake-connections.ts';
import type { FakeState } from './fake-core.ts';
import { fakeHistory } from './fake-history.ts';
import { fakeStatus, scriptOf } from './fake-status.ts';

export interface FakeInternals {
  state: FakeState;
  configuration: ConfigKeeper;
  emit(event: Event): void;
  /** Sends a Status. */
  announce(): void;
}

type Group<Names extends string> = Pick<Handlers, Extract<OperationName, Names>>;

export function fakeHandlers(internals: FakeInternals): Handlers {
  const { state } = internals;
  return {
    'status.get': () => fakeStatus(state),
    'system.info': () => fakeInfo(state),
    'system.get': () => state.system,
    ...editOperations(internals.configuration),
    ...connectionHandlers(internals),
    ...recordHandlers(state),
    'certificates.list': () => ({ certificates: fakeCertificates(state) }),
    'certificates.authority': () => fakeAuthority(state),
    'settings.get': () => state.settings,
    'settings.set': (change) => {
      state.settings = { ...state.settings, ...change };
      internals.emit({ type: 'settings', value: state.settings });
      return state.settings;
    },
    ...demoHandlers(internals),
  };
}

export function fakeInfo(state: FakeState): SystemInfo {
  return {
    version: '0.1.0',
    host: 'test',
    platform: 'linux',
    dataDir: '/home/someone/.config/sluice/data',
    configFile: null,
    startedAt: state.startedAt,
  };
}

function connectionHandlers({ state, announce }: FakeInternals): Group<`connections.${string}`> {
  const close = (pool: string, backend: string, id: number | null) => {
    findBackend(state.config, pool, backend);
    const closed = closeFakeConnections(state, pool, backend, id);
    announce();
    return { closed };
  };
  return {
    'connections.list': ({ pool, backend }) => {
      findBackend(state.config, pool, backend);
      const connections = fakeConnections(state, pool, backend);
      return { total: connections.length, connections };
    },
    'connections.close': ({ pool, backend, id }) => close(pool, backend, id),
    'connections.closeAll': ({ pool, backend }) => close(pool, backend, null),
  };
}

function recordHandlers(
  state: FakeState,
): Group<'revisions.list' | 'history.query' | 'checks.list' | 'incidents.list' | 'requests.list'> {
  return {
    'revisions.list': ({ limit, before }) => ({
      revisions: state.revisions
        .map(({ summary }) => summary)
        .filter(({ revision }) => before === undefined || revision < before)
        .slice(0, limit),
    }),
    'history.query': (query) => fakeHistory(state, query),
    'checks.list': ({ pool, backend, limit }) => {
      findBackend(state.config, pool, backend);
      const config = state.config.pools.find(({ name }) => name === pool);
      const check = config && scriptOf(state, config, backend).check;
      if (!check) return { checks: [] };
      return {
        checks: Array.from({ length: Math.min(limit, 20) }, (_, i) => ({
          ...check,
          at: state.now - i * 2000,
        })),
      };
    },
    'incidents.list': ({ pool = 'api', backend = 'api-5' }) => ({
      incidents: [
        {
          pool: 'api',
          backend: 'api-5',
          start: state.now - 362_000,
          end: null,
          cause: 'L4 connection refused: nothing accepts connections on 127.0.0.1:3005',
        },
      ].filter((incident) => incident.pool === pool && incident.backend === backend),
    }),
    'requests.list': () => ({ requests: [], dropped: 0 }),
  };
}

function demoHandlers({ state, configuration, emit }: FakeInternals): Group<`demo.${string}`> {
  const setRunning = (demoRunning: boolean) => {
    state.system = { ...state.system, demoRunning };
    emit({ type: 'system', value: state.system });
  };
  return {
    'demo.start': async (_, { author }) => {
      if (!state.system.demoRunning) {
        setRunning(true);
        state.scene = { ...state.scene, rates: { ...state.scene.rates, demo: 60 } };
        await configuration.edit((config) => ({ config: withDemo(config) }), author, 'start the demo');
      }
      return { pool: 'demo', url: 'http://127.0.0.1:8088' };
    },
    'demo.stop': async (_, { author }) => {
      setRunning(false);
      await configuration.edit((config) => ({ config: withoutDemo(config) }), author, 'stop the demo');
      return {};
    },
  };
}

function withDemo(config: Config): Config {
  const listener = ListenerConfig.parse({
    name: 'demo',
    port: 8088,
    routes: [{ name: 'all', pool: 'demo' }],
  });
  const pool = PoolConfig.parse({
    name: 'demo',
    policy: 'weighted-round-robin',
    healthCheck: { type: 'http', path: '/' },
    backends: [1, 2, 3].map((n) =>
      BackendConfig.parse({ name: `demo-${n}`, address: `127.0.0.1:${8088 + n}`, weight: 4 - n }),
    ),
  });
  return { ...config, listeners: [...config.listeners, listener], pools: [...config.pools, pool] };
}

function withoutDemo(config: Config): Config {
  return {
    ...config,
    listeners: config.listeners.filter(({ name }) => name !== 'demo'),
    pools: config.pools.filter(({ name }) => name !== 'demo'),
  };
}
