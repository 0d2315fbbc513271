// One handler per operation of the contract, each a few lines that call the piece that knows.
// Wired by core.ts; reached through shared/rpc/serve.ts only, so input is parsed before it gets here.
import { type Config, parseConfig } from '#shared/config/config.ts';
import type { SystemInfo } from '#shared/contract.ts';
import { AppError, summarize } from '#shared/errors.ts';
import type { Caller, Handlers } from '#shared/rpc/serve.ts';
import type { SystemStatus } from '#shared/status.ts';
import { listChecks } from '../store/checks.ts';
import type { WriteDb } from '../store/db.ts';
import { listRevisions } from '../store/revisions.ts';
import { listIncidents } from '../store/transitions.ts';
import type { Configuration } from './configuration.ts';
import type { Connections } from './connections.ts';
import type { Demo } from './demo/demo.ts';
import * as edits from './edits.ts';
import { queryHistory } from './history.ts';
import type { Live } from './live.ts';
import type { RequestHistory } from './request-history.ts';
import type { SettingsStore } from './settings.ts';
import type { TlsMaterial } from './tls-material.ts';

export interface OperationSources {
  db: WriteDb;
  now(): number;
  configuration: Configuration;
  live: Live;
  connections: Connections;
  requests: RequestHistory;
  settings: SettingsStore;
  tls: Pick<TlsMaterial, 'certificates' | 'authority'>;
  demo: Demo;
  info: SystemInfo;
  system(): SystemStatus;
}

export function createHandlers(sources: OperationSources): Handlers {
  const { configuration, connections, db } = sources;
  const edit = async (make: (config: Config) => edits.Edit, caller: Caller, note = '') => ({
    revision: await configuration.edit(make, caller.author, note),
  });

  return {
    'status.get': () => sources.live.status(),
    'system.info': () => sources.info,
    'system.get': () => sources.system(),

    'config.get': ({ revision }) => {
      const current = configuration.current();
      return revision === undefined ? current : { revision, config: configuration.at(revision) };
    },
    'config.validate': ({ config }) => {
      const parsed = parseConfig(config);
      return parsed.ok ? { valid: true, issues: [] } : { valid: false, issues: parsed.issues };
    },
    'config.apply': ({ config, note, baseRevision }, caller) => {
      const { revision } = configuration.current();
      if (baseRevision !== undefined && baseRevision !== revision) {
        throw new AppError(
          'conflict',
          `the config is at r${revision}, not r${baseRevision}: another change came first; load it and apply again`,
        );
      }
      const parsed = parseConfig(config);
      if (!parsed.ok) throw new AppError('invalid', summarize(parsed.issues), parsed.issues);
      return edit(() => ({ config: parsed.value }), caller, note);
    },
    'config.export': () => exportConfig(configuration),

    'listeners.add': ({ listener }, caller) => edit((config) => edits.addListener(config, listener), caller),
    'listeners.update': ({ name, listener }, caller) =>
      edit((config) => edits.updateListener(config, name, listener), caller),
    'listeners.remove': ({ name }, caller) => edit((config) => edits.removeListener(config, name), caller),

    'routes.add': ({ listener, route, index }, caller) =>
      edit((config) => edits.addRoute(config, listener, route, index), caller),
    'routes.update': ({ listener, name, route, index }, caller) =>
      edit((config) => edits.updateRoute(config, listener, name, route, index), caller),
    'routes.remove': ({ listener, name }, caller) =>
      edit((config) => edits.removeRoute(config, listener, name), caller),

    'pools.add': ({ pool }, caller) => edit((config) => edits.addPool(config, pool), caller),
    'pools.update': ({ name, pool }, caller) =>
      edit((config) => edits.updatePool(config, name, pool), caller),
    'pools.remove': ({ name }, caller) => edit((config) => edits.removePool(config, name), caller),

    'backends.add': ({ pool, backend }, caller) =>
      edit((config) => edits.addBackend(config, pool, backend), caller),
    'backends.update': ({ pool, name, backend }, caller) =>
      edit((config) => edits.updateBackend(config, pool, name, backend), caller),
    'backends.remove': ({ pool, backend }, caller) =>
      edit((config) => edits.removeBackend(config, pool, backend), caller),
    'backends.setState': async ({ pool, backend, state }, caller) => ({
      previous: await configuration.setState(pool, backend, state, caller.author),
      state,
    }),
    'backends.setWeight': async ({ pool, backend, weight }, caller) => {
      const previous = edits.findBackend(configuration.current().config, pool, backend).weight;
      const { revision } = await edit((config) => edits.setWeight(config, pool, backend, weight), caller);
      return { revision, previous };
    },

    'connections.list': ({ pool, backend }) => connections.list(pool, backend),
    'connections.close': ({ pool, backend, id }) => connections.close(pool, backend, id),
    'connections.closeAll': ({ pool, backend }) => connections.close(pool, backend, null),

    'revisions.list': (filter) => ({ revisions: listRevisions(db, filter) }),
    'revisions.rollback': ({ revision }, caller) => {
      const config = configuration.at(revision);
      return edit(() => ({ config }), caller, `back to r${revision}`);
    },

    'history.query': (query) =>
      queryHistory(db, query, backendNames(configuration.current().config), sources.now()),
    'checks.list': (filter) => ({ checks: listChecks(db, filter) }),
    'incidents.list': (filter) => ({ incidents: listIncidents(db, filter) }),
    'requests.list': (filter) => sources.requests.list(filter),

    'certificates.list': () => ({
      certificates: sources.tls.certificates(configuration.current().config),
    }),
    'certificates.authority': () => sources.tls.authority(),

    'settings.get': () => sources.settings.get(),
    'settings.set': (changes) => sources.settings.set(changes),

    'demo.start': (_, caller) => sources.demo.start(caller.author),
    'demo.stop': async (_, caller) => {
      await sources.demo.stop(caller.author);
      return {};
    },
  };
}

function backendNames(config: Config): { pool: string; backend: string }[] {
  return config.pools.flatMap((pool) =>
    pool.backends.map((backend) => ({ pool: pool.name, backend: backend.name })),
  );
}

/** The file form carries drains and disables made at run time, so importing it elsewhere runs the same. */
function exportConfig(configuration: Configuration): { revision: number; text: string } {
  const { revision, config } = configuration.current();
  const pools = config.pools.map((pool) => ({
    ...pool,
    backends: pool.backends.map((backend) => ({
      ...backend,
      state: configuration.adminOf(pool.name, backend),
    })),
  }));
  return { revision, text: `${JSON.stringify({ ...config, pools }, null, 2)}\n` };
}
