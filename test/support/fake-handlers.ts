// What each operation does in the fake core. Edits go through one `save`, as in the real one.
import type { Config } from '#shared/config/config.ts';
import { parseConfig } from '#shared/config/config.ts';
import type { PoolConfig } from '#shared/config/pool.ts';
import { AppError } from '#shared/errors.ts';
import type { Handlers } from '#shared/rpc/serve.ts';
import { fakeAuthority, fakeCertificates } from './fake-certificates.ts';
import { closeFakeConnections, fakeConnections } from './fake-connections.ts';
import type { FakeInternals, FakeState } from './fake-core.ts';
import { fakeHistory, fakeStatus, scriptOf } from './fake-status.ts';

export function fakeHandlers({ state, emit, announce, save }: FakeInternals): Handlers {
  return {
    'status.get': () => fakeStatus(state),
    'system.info': () => ({
      version: '0.1.0',
      host: 'test',
      platform: 'linux',
      dataDir: '/home/someone/.config/sluice/data',
      configFile: null,
      startedAt: state.startedAt,
    }),
    'system.get': () => state.system,

    'config.get': ({ revision }) => {
      if (revision === undefined) return { revision: newest(state), config: state.config };
      return { revision, config: revisionOf(state, revision).config };
    },
    'config.validate': ({ config }) => {
      const parsed = parseConfig(config);
      return parsed.ok ? { valid: true, issues: [] } : { valid: false, issues: parsed.issues };
    },
    'config.apply': ({ config, note, baseRevision }, { author }) => {
      if (baseRevision !== undefined && baseRevision !== newest(state)) {
        throw new AppError('conflict', `r${newest(state)} was saved meanwhile; look at it and try again`);
      }
      return save({ config, author, note, changes: ['config replaced'] });
    },
    'config.export': () => ({ revision: newest(state), text: `${JSON.stringify(state.config, null, 2)}\n` }),

    'listeners.add': ({ listener }, { author }) =>
      save({
        config: { ...state.config, listeners: [...state.config.listeners, listener] },
        author,
        changes: [`listener ${listener.name} added`],
      }),
    'listeners.update': ({ name, listener }, { author }) =>
      save({
        config: { ...state.config, listeners: replace(state.config.listeners, 'listener', name, listener) },
        author,
        changes: [`listener ${name} changed`],
      }),
    'listeners.remove': ({ name }, { author }) =>
      save({
        config: { ...state.config, listeners: without(state.config.listeners, 'listener', name) },
        author,
        changes: [`listener ${name} removed`],
      }),

    'routes.add': ({ listener, route, index }, { author }) =>
      save({
        config: editRoutes(state.config, listener, (routes) =>
          routes.toSpliced(index ?? routes.length, 0, route),
        ),
        author,
        changes: [`route ${listener}/${route.name} added`],
      }),
    'routes.update': ({ listener, name, route, index }, { author }) =>
      save({
        config: editRoutes(state.config, listener, (routes) => {
          const at = routes.findIndex((one) => one.name === name);
          if (at === -1) throw missing('route', name);
          return routes.toSpliced(at, 1).toSpliced(index ?? at, 0, route);
        }),
        author,
        changes: [`route ${listener}/${name} changed`],
      }),
    'routes.remove': ({ listener, name }, { author }) =>
      save({
        config: editRoutes(state.config, listener, (routes) => without(routes, 'route', name)),
        author,
        changes: [`route ${listener}/${name} removed`],
      }),

    'pools.add': ({ pool }, { author }) =>
      save({
        config: { ...state.config, pools: [...state.config.pools, pool] },
        author,
        changes: [`pool ${pool.name} added`],
      }),
    'pools.update': ({ name, pool }, { author }) => {
      const config = editPool(state.config, name, (before) => ({ ...pool, backends: before.backends }));
      const listeners = config.listeners.map((listener) => ({
        ...listener,
        routes: listener.routes.map((route) => (route.pool === name ? { ...route, pool: pool.name } : route)),
      }));
      return save({ config: { ...config, listeners }, author, changes: [`pool ${name} changed`] });
    },
    'pools.remove': ({ name }, { author }) => {
      const user = state.config.listeners.find(({ routes }) => routes.some((route) => route.pool === name));
      if (user)
        throw new AppError(
          'conflict',
          `listener ${user.name} still routes to ${name}; change that route first`,
        );
      return save({
        config: { ...state.config, pools: without(state.config.pools, 'pool', name) },
        author,
        changes: [`pool ${name} removed`],
      });
    },

    'backends.add': ({ pool, backend }, { author }) =>
      save({
        config: editPool(state.config, pool, (one) => ({ ...one, backends: [...one.backends, backend] })),
        author,
        changes: [`backend ${pool}/${backend.name} added at ${backend.address}`],
      }),
    'backends.update': ({ pool, name, backend }, { author }) =>
      save({
        config: editPool(state.config, pool, (one) => ({
          ...one,
          backends: replace(one.backends, 'backend', name, backend),
        })),
        author,
        changes: [`backend ${pool}/${name} changed`],
      }),
    'backends.remove': ({ pool, backend }, { author }) =>
      save({
        config: editPool(state.config, pool, (one) => ({
          ...one,
          backends: without(one.backends, 'backend', backend),
        })),
        author,
        changes: [`backend ${pool}/${backend} removed`],
      }),
    'backends.setState': ({ pool, backend, state: wanted }) => {
      const key = `${pool}/${backend}`;
      const previous = state.intents.get(key)?.state ?? backendOf(state, pool, backend).state;
      state.intents.set(key, { state: wanted, at: state.now });
      announce();
      return { previous, state: wanted };
    },
    'backends.setWeight': ({ pool, backend, weight }, { author }) => {
      const previous = backendOf(state, pool, backend).weight;
      const saved = save({
        config: editPool(state.config, pool, (one) => ({
          ...one,
          backends: one.backends.map((each) => (each.name === backend ? { ...each, weight } : each)),
        })),
        author,
        changes: [`weight of ${pool}/${backend}: ${previous} → ${weight}`],
      });
      return { ...saved, previous };
    },

    'connections.list': ({ pool, backend }) => {
      backendOf(state, pool, backend);
      const connections = fakeConnections(state, pool, backend);
      return { total: connections.length, connections };
    },
    'connections.close': ({ pool, backend, id }) => {
      backendOf(state, pool, backend);
      const closed = closeFakeConnections(state, pool, backend, id);
      announce();
      return { closed };
    },
    'connections.closeAll': ({ pool, backend }) => {
      backendOf(state, pool, backend);
      const closed = closeFakeConnections(state, pool, backend, null);
      announce();
      return { closed };
    },

    'revisions.list': ({ limit, before }) => ({
      revisions: state.revisions
        .map(({ summary }) => summary)
        .filter(({ revision }) => before === undefined || revision < before)
        .slice(0, limit),
    }),
    'revisions.rollback': ({ revision }, { author }) =>
      save({
        config: revisionOf(state, revision).config,
        author,
        note: `back to r${revision}`,
        changes: [`everything as in r${revision}`],
      }),

    'history.query': (query) => fakeHistory(state, query),
    'checks.list': ({ pool, backend, limit }) => {
      backendOf(state, pool, backend);
      const { check } = scriptOf(state, poolOf(state.config, pool), backend);
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

    'certificates.list': () => ({ certificates: fakeCertificates(state) }),
    'certificates.authority': () => fakeAuthority(state),
    'settings.get': () => state.settings,
    'settings.set': (change) => {
      state.settings = { ...state.settings, ...change };
      emit({ type: 'settings', value: state.settings });
      return state.settings;
    },

    'demo.start': (_, { author }) => {
      if (!state.system.demoRunning) {
        state.system = { ...state.system, demoRunning: true };
        emit({ type: 'system', value: state.system });
        state.scene = { ...state.scene, rates: { ...state.scene.rates, demo: 60 } };
        save({ config: withDemo(state.config), author, note: 'demo', changes: ['pool demo added'] });
      }
      return { pool: 'demo', url: 'http://127.0.0.1:8088' };
    },
    'demo.stop': (_, { author }) => {
      state.system = { ...state.system, demoRunning: false };
      emit({ type: 'system', value: state.system });
      save({
        config: {
          ...state.config,
          listeners: state.config.listeners.filter(({ name }) => name !== 'demo'),
          pools: state.config.pools.filter(({ name }) => name !== 'demo'),
        },
        author,
        changes: ['pool demo removed'],
      });
      return {};
    },
  };
}

function withDemo(config: Config): unknown {
  return {
    ...config,
    listeners: [...config.listeners, { name: 'demo', port: 8088, routes: [{ name: 'all', pool: 'demo' }] }],
    pools: [
      ...config.pools,
      {
        name: 'demo',
        policy: 'weighted-round-robin',
        healthCheck: { type: 'http', path: '/' },
        backends: [1, 2, 3].map((n) => ({
          name: `demo-${n}`,
          address: `127.0.0.1:${8088 + n}`,
          weight: 4 - n,
        })),
      },
    ],
  };
}

function newest(state: FakeState): number {
  return state.revisions[0]?.summary.revision ?? 0;
}

function revisionOf(state: FakeState, revision: number) {
  const found = state.revisions.find(({ summary }) => summary.revision === revision);
  if (!found) throw new AppError('not-found', `there is no revision ${revision}`);
  return found;
}

function missing(noun: string, name: string): AppError {
  return new AppError('not-found', `there is no ${noun} called "${name}"`);
}

function poolOf(config: Config, name: string): PoolConfig {
  const pool = config.pools.find((one) => one.name === name);
  if (!pool) throw missing('pool', name);
  return pool;
}

function backendOf(state: FakeState, pool: string, name: string) {
  const backend = poolOf(state.config, pool).backends.find((one) => one.name === name);
  if (!backend) throw missing('backend', name);
  return backend;
}

function replace<T extends { name: string }>(items: readonly T[], noun: string, name: string, next: T): T[] {
  if (!items.some((item) => item.name === name)) throw missing(noun, name);
  return items.map((item) => (item.name === name ? next : item));
}

function without<T extends { name: string }>(items: readonly T[], noun: string, name: string): T[] {
  if (!items.some((item) => item.name === name)) throw missing(noun, name);
  return items.filter((item) => item.name !== name);
}

function editPool(config: Config, name: string, edit: (pool: PoolConfig) => PoolConfig): Config {
  poolOf(config, name);
  return { ...config, pools: config.pools.map((pool) => (pool.name === name ? edit(pool) : pool)) };
}

type Routes = Config['listeners'][number]['routes'];

function editRoutes(config: Config, name: string, edit: (routes: Routes) => Routes): Config {
  if (!config.listeners.some((listener) => listener.name === name)) throw missing('listener', name);
  return {
    ...config,
    listeners: config.listeners.map((listener) =>
      listener.name === name ? { ...listener, routes: edit(listener.routes) } : listener,
    ),
  };
}
