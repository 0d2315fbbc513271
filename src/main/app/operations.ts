// One handler per operation of the contract, each a few lines that call the piece that knows.
// Wired by core-parts.ts; reached through shared/rpc/serve.ts only, so input is parsed before it gets here.
import { refsOf } from '#shared/backend-ref.ts';
import type { SystemInfo } from '#shared/contract.ts';
import type { Handlers } from '#shared/rpc/serve.ts';
import type { SystemStatus } from '#shared/status.ts';
import { listChecks } from '../store/checks.ts';
import type { WriteDb } from '../store/db.ts';
import { listRevisions } from '../store/revisions.ts';
import { listIncidents } from '../store/transitions.ts';
import type { Configuration } from './configuration.ts';
import type { Connections } from './connections.ts';
import type { Demo } from './demo/demo.ts';
import { editOperations } from './edit-operations.ts';
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
  return {
    'status.get': () => sources.live.status(),
    'system.info': () => sources.info,
    'system.get': () => sources.system(),

    ...editOperations(configuration),

    'connections.list': ({ pool, backend }) => connections.list(pool, backend),
    'connections.close': ({ pool, backend, id }) => connections.close(pool, backend, id),
    'connections.closeAll': ({ pool, backend }) => connections.close(pool, backend, null),

    'revisions.list': (filter) => ({ revisions: listRevisions(db, filter) }),

    'history.query': (query) =>
      queryHistory(db, query, refsOf(configuration.current().config), sources.now()),
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
