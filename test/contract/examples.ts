// A valid input for every operation, in an order in which each finds what it needs: before each the
// Config is BASE again. A new operation does not compile until it has its example here.
import type { OperationInput, OperationName } from '#shared/contract.ts';
import { apiConfig } from '../support/test-config.ts';

const ADDRESS = '127.0.0.1:9';

export const BASE = apiConfig([
  { name: 'a', address: ADDRESS },
  { name: 'b', address: ADDRESS, weight: 3 },
]);
BASE.pools.push({ name: 'spare', backends: [] });
BASE.listeners.push({ name: 'admin', port: 0, routes: [{ name: 'all', pool: 'api' }] });

export const EXAMPLES: { [K in OperationName]: OperationInput<K> } = {
  'status.get': {},
  'system.info': {},
  'system.get': {},
  'config.get': { revision: 1 },
  'config.validate': { config: { version: 2 } },
  'config.apply': { config: { ...BASE, listeners: [] }, note: 'by the contract test', baseRevision: 1 },
  'config.export': {},
  'listeners.add': { listener: { name: 'second', port: 0 } },
  'listeners.update': { name: 'admin', listener: { name: 'admin2', port: 0 } },
  'listeners.remove': { name: 'admin' },
  'routes.add': {
    listener: 'web',
    route: { name: 'first', pool: 'spare', match: { host: 'x.test' } },
    index: 0,
  },
  'routes.update': { listener: 'web', name: 'all', route: { name: 'every', pool: 'spare' }, index: 0 },
  'routes.remove': { listener: 'web', name: 'all' },
  'pools.add': { pool: { name: 'third', backends: [{ name: 'x', address: ADDRESS }] } },
  'pools.update': { name: 'api', pool: { name: 'api2', policy: 'least-connections' } },
  'pools.remove': { name: 'spare' },
  'backends.add': { pool: 'api', backend: { name: 'c', address: ADDRESS } },
  'backends.update': { pool: 'api', name: 'a', backend: { name: 'a', address: ADDRESS, role: 'backup' } },
  'backends.remove': { pool: 'api', backend: 'a' },
  'backends.setState': { pool: 'api', backend: 'a', state: 'draining' },
  'backends.setWeight': { pool: 'api', backend: 'b', weight: 8 },
  'connections.list': { pool: 'api', backend: 'a' },
  'connections.close': { pool: 'api', backend: 'a', id: 1 },
  'connections.closeAll': { pool: 'api', backend: 'b' },
  'revisions.list': { limit: 2 },
  'revisions.compare': { from: 1, to: 2 },
  'revisions.rollback': { revision: 2 },
  'history.query': { pool: 'api', from: 0, to: 60_000, buckets: 3, traffic: false },
  'checks.list': { pool: 'api', backend: 'a' },
  'incidents.list': { pool: 'api', backend: 'a' },
  'requests.list': { limit: 10 },
  'certificates.list': {},
  'certificates.authority': {},
  'settings.get': {},
  'settings.set': { theme: 'dark' },
  'demo.start': {},
  'demo.stop': {},
};

/** Inputs that must be refused, beyond the unknown field every operation gets. */
export const REFUSED: [operation: OperationName, input: unknown, code: string][] = [
  [
    'config.apply',
    { config: { version: 1, pools: [{ name: 'x y' }, { name: 'a' }, { name: 'a' }] } },
    'invalid',
  ],
  ['config.apply', { config: BASE, baseRevision: 9999 }, 'conflict'],
  ['pools.add', { pool: { name: 'api' } }, 'invalid'],
  ['backends.add', { pool: 'api', backend: { name: 'x', address: 'no', weight: 1.5 } }, 'invalid'],
  ['backends.setState', { pool: 'api', backend: 'nobody', state: 'draining' }, 'not-found'],
  ['backends.setWeight', { pool: 'api', backend: 'a', weight: 1001 }, 'invalid'],
  ['connections.list', { pool: 'api', backend: 'nobody' }, 'not-found'],
  ['connections.close', { pool: 'api', backend: 'nobody', id: 1 }, 'not-found'],
  ['connections.close', { pool: 'api', backend: 'a' }, 'invalid'],
  ['connections.closeAll', { pool: 'nowhere', backend: 'a' }, 'not-found'],
  ['history.query', { from: 2, to: 1, buckets: 0 }, 'invalid'],
  ['revisions.compare', { from: 1, to: 9999 }, 'not-found'],
  ['revisions.compare', { from: 1 }, 'invalid'],
  ['revisions.compare', { from: 1, to: 2, config: BASE }, 'invalid'],
  ['revisions.compare', { from: 1, config: { version: 1, pools: [{ name: 'x y' }] } }, 'invalid'],
  ['revisions.compare', { from: 9999, config: BASE }, 'not-found'],
  ['revisions.rollback', { revision: 9999 }, 'not-found'],
  ['settings.set', { theme: 'purple' }, 'invalid'],
  ['status.get', 'nonsense', 'invalid'],
  ['status.get', [1], 'invalid'],
];
