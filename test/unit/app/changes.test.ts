// The sentences of the revision list.
import { expect, it } from 'vitest';
import { type ConfigInput, parseConfig } from '#shared/config/config.ts';
import { describeChanges } from '../../../src/main/app/changes.ts';
import type { Rename } from '../../../src/main/app/edits.ts';

const base = {
  version: 1,
  listeners: [
    {
      name: 'web',
      port: 8080,
      routes: [
        { name: 'all', pool: 'api' },
        { name: 'two', pool: 'api' },
      ],
    },
  ],
  pools: [{ name: 'api', backends: [{ name: 'a', address: 'h:1', weight: 5 }] }],
} satisfies ConfigInput;

type Draft = {
  listeners: {
    name: string;
    port: number;
    host?: string;
    routes: { name: string; pool: string; match?: object }[];
  }[];
  pools: { name: string; policy?: string; timeouts?: object; healthCheck?: object; backends: object[] }[];
};

function changes(edit: (draft: Draft) => void, renames?: Rename[], from: ConfigInput = base): string[] {
  const draft = structuredClone(from) as unknown as Draft & { version: number };
  edit(draft);
  const [before, after] = [parseConfig(from), parseConfig(draft)];
  if (!before.ok || !after.ok) throw new Error('both must be valid');
  return describeChanges(before.value, after.value, renames);
}

it.each<[string, (draft: Draft) => void, string[]]>([
  ['nothing', () => undefined, []],
  [
    'a weight',
    (d) => Object.assign(d.pools[0]?.backends[0] ?? {}, { weight: 10 }),
    ['weight of api/a: 5 → 10'],
  ],
  ['a new backend', (d) => d.pools[0]?.backends.push({ name: 'b', address: 'h:2' }), ['add backend api/b']],
  ['a removed backend', (d) => d.pools[0]?.backends.pop(), ['remove backend api/a']],
  ['the engine', (d) => Object.assign(d, { engine: { workers: 2 } }), ['engine threads: 1 → 2']],
  ['a new pool', (d) => d.pools.push({ name: 'x', backends: [] }), ['add pool x']],
  [
    'a policy and a nested setting',
    (d) => Object.assign(d.pools[0] ?? {}, { policy: 'random', timeouts: { connectMs: 9 } }),
    ['policy of pool api: round-robin → random', 'connect timeout of pool api: 5000 ms → 9 ms'],
  ],
  ['the order of routes', (d) => d.listeners[0]?.routes.reverse(), ['reorder routes of listener web']],
  [
    'the order of routes beside other changes of them',
    (d) => {
      const routes = d.listeners[0]?.routes ?? [];
      Object.assign(routes[0] ?? {}, { match: { pathPrefix: '/x' } });
      routes.reverse().unshift({ name: 'new', pool: 'api' });
    },
    ['add route web/new', 'path prefix of route web/all: none → /x', 'reorder routes of listener web'],
  ],
  [
    'a route before the others, which is no other order of these',
    (d) => d.listeners[0]?.routes.unshift({ name: 'new', pool: 'api' }),
    ['add route web/new'],
  ],
  [
    'a route’s condition',
    (d) => Object.assign(d.listeners[0]?.routes[0] ?? {}, { match: { pathPrefix: '/x' } }),
    ['path prefix of route web/all: none → /x'],
  ],
  ['a port', (d) => Object.assign(d.listeners[0] ?? {}, { port: 81 }), ['port of listener web: 8080 → 81']],
  [
    'sizes and shares with their units',
    (d) => {
      Object.assign(d.listeners[0] ?? {}, { limits: { bodyBytes: 10, bodyMinBytesPerS: 20 } });
      Object.assign(d.pools[0] ?? {}, { retries: { budgetPct: 30 } });
    },
    [
      'body size limit of listener web: no limit → 10 B',
      'slowest body allowed of listener web: no limit → 20 B/s',
      'retry budget of pool api: 20 % → 30 %',
    ],
  ],
  [
    'zeros that lift a limit, and those that do not',
    (d) => {
      Object.assign(d.pools[0] ?? {}, { drainMs: 0, retries: { bodyBytes: 0 } });
      Object.assign(d.pools[0]?.backends[0] ?? {}, { weight: 0 });
    },
    [
      'body kept for retries of pool api: 65536 B → 0 B',
      'drain time of pool api: 30000 ms → no limit',
      'weight of api/a: 5 → 0',
    ],
  ],
  [
    'lists and switches without brackets and quotes',
    (d) => {
      Object.assign(d.listeners[0] ?? {}, { via: false, trustedProxies: ['10.0.0.0/8', '::1/128'] });
      Object.assign(d.pools[0] ?? {}, { retries: { statuses: [502, 503] } });
    },
    [
      'trusted proxies of listener web: none → 10.0.0.0/8, ::1/128',
      'Via field of listener web: on → off',
      'retried statuses of pool api: none → 502, 503',
    ],
  ],
  [
    'a health check that is switched on',
    (d) => Object.assign(d.pools[0] ?? {}, { healthCheck: { type: 'http', path: '/up' } }),
    ['health check of pool api: none → http /up, every 5000 ms'],
  ],
  [
    'encryption that is switched on, what it is like included',
    (d) => Object.assign(d.pools[0] ?? {}, { tls: { caFile: '/ca.pem' } }),
    ['encryption to backends of pool api: none → verification of certificates on, authorities file /ca.pem'],
  ],
  [
    'a redirect, as a part of its own',
    (d) => Object.assign(d.listeners[0] ?? {}, { redirectToHttps: { port: 8443 } }),
    ['redirect to https of listener web: none → https port 8443'],
  ],
  [
    'a listener that becomes encrypted',
    (d) => Object.assign(d.listeners[0] ?? {}, { protocol: 'https', tls: {} }),
    [
      'protocol of listener web: http → https',
      'TLS of listener web: none → certificates local, answer to an unknown server name first, …',
    ],
  ],
])('says %s', (_, edit, sentences) => {
  expect(changes(edit)).toEqual(sentences);
});

it.each<[string, Rename, (draft: Draft) => void, string[]]>([
  [
    'a pool, whose routes followed',
    { from: { pool: 'api' }, to: { pool: 'shop' } },
    (d) => {
      Object.assign(d.pools[0] ?? {}, { name: 'shop' });
      for (const route of d.listeners[0]?.routes ?? []) route.pool = 'shop';
    },
    ['rename pool api to shop'],
  ],
  [
    'a backend, and what else became of it',
    { from: { pool: 'api', backend: 'a' }, to: { pool: 'api', backend: 'b' } },
    (d) => Object.assign(d.pools[0]?.backends[0] ?? {}, { name: 'b', weight: 10 }),
    ['rename backend api/a to api/b', 'weight of api/b: 5 → 10'],
  ],
])('says a rename of %s', (_, rename, edit, sentences) => {
  expect(changes(edit, [rename])).toEqual(sentences);
});

const probed = {
  ...base,
  pools: [{ ...base.pools[0], name: 'api', healthCheck: { type: 'http', path: '/up' } }],
} satisfies ConfigInput;

it.each<[string, object | undefined, string[]]>([
  ['asks another path', { type: 'http', path: '/health' }, ['check path of pool api: /up → /health']],
  [
    'looks into the answer',
    { type: 'http', path: '/up', expectJson: { path: 'db.status', equals: true } },
    ['expected JSON of pool api: none → expected JSON field db.status, expected JSON value true'],
  ],
  [
    'is another kind',
    { type: 'tcp', intervalMs: 9000 },
    ['health check of pool api: http /up, every 5000 ms → tcp, every 9000 ms'],
  ],
  ['is gone', undefined, ['health check of pool api: http /up, every 5000 ms → none']],
])('says of a check that it %s', (_, healthCheck, sentences) => {
  const edit = (draft: Draft) => Object.assign(draft.pools[0] ?? {}, { healthCheck });
  expect(changes(edit, [], probed)).toEqual(sentences);
});

it('says which certificate of a listener is new, gone or another', () => {
  const files = { name: 'shop', source: 'files', certFile: '/shop.pem', keyFile: '/shop.key' } as const;
  const local = { name: 'dev', source: 'local-ca' } as const;
  const withCertificates = (...certificates: (typeof files | typeof local | object)[]) => ({
    ...base.listeners[0],
    name: 'web',
    port: 443,
    protocol: 'https' as const,
    tls: { certificates },
  });
  const from = { ...base, listeners: [withCertificates(files, local)] } as ConfigInput;
  const edit = (draft: Draft) => {
    const changed = withCertificates({ ...files, certFile: '/new.pem' }, { ...local, name: 'test' });
    Object.assign(draft.listeners[0] ?? {}, changed);
  };
  expect(changes(edit, [], from)).toEqual([
    'certificate file of certificate web/shop: /shop.pem → /new.pem',
    'add certificate web/test',
    'remove certificate web/dev',
  ]);
});

it('tells hosts that are left to the certificate from a list that is empty', () => {
  const files = { name: 'shop', source: 'files', certFile: '/shop.pem', keyFile: '/shop.key' } as const;
  const withCertificate = (certificate: object) => ({
    ...base.listeners[0],
    name: 'web',
    port: 443,
    protocol: 'https' as const,
    tls: { certificates: [certificate] },
  });
  const from = { ...base, listeners: [withCertificate(files)] } as ConfigInput;
  const said = (certificate: object) =>
    changes((d) => Object.assign(d.listeners[0] ?? {}, withCertificate(certificate)), [], from);
  expect(said({ ...files, hosts: [] })).toEqual([
    'hosts of certificate web/shop: the names in the certificate → none',
  ]);
  expect(said({ name: 'shop', source: 'local-ca' })).toContain(
    'hosts of certificate web/shop: the names in the certificate → localhost, *.localhost',
  );
});

it.each<[string, (networks: string[]) => string[], string]>([
  ['longer', (networks) => [...networks, '10.1.0.0/16'], 'with 10.1.0.0/16'],
  [
    'another at its end',
    (networks) => [...networks.slice(0, -1), '::1/128'],
    'without 10.0.19.0/24, with ::1/128',
  ],
  [
    'in another order',
    (networks) => [...networks.slice(0, -2), ...networks.slice(-2).reverse()],
    'in another order',
  ],
])('says of a long list that is %s only that', (_, change, text) => {
  const trustedProxies = Array.from({ length: 20 }, (_, i) => `10.0.${i}.0/24`);
  const from = { ...base, listeners: [{ ...base.listeners[0], name: 'web', port: 8080, trustedProxies }] };
  const edit = (draft: Draft) =>
    Object.assign(draft.listeners[0] ?? {}, { trustedProxies: change(trustedProxies) });
  expect(changes(edit, [], from)).toEqual([`trusted proxies of listener web: ${text}`]);
});
