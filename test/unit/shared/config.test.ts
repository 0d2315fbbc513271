// Every way a Config can be wrong is reported at its path, all at once; what is left out gets its
// documented default; the file form of the design parses.
import { describe, expect, it } from 'vitest';
import { type ConfigInput, emptyConfig, parseConfig, parseSaved } from '#shared/config/config.ts';
import { formatAddress, parseAddress } from '#shared/config/primitives.ts';
import { summarize } from '#shared/errors.ts';

function config(changes: Partial<ConfigInput> = {}): ConfigInput {
  return {
    version: 1,
    listeners: [{ name: 'web', port: 8080, routes: [{ name: 'all', pool: 'api' }] }],
    pools: [{ name: 'api', backends: [{ name: 'api-1', address: '127.0.0.1:3001' }] }],
    ...changes,
  };
}

function problems(input: unknown): string[] {
  const parsed = parseConfig(input);
  return parsed.ok ? [] : parsed.issues.map((issue) => `${issue.path}: ${issue.code}`);
}

/** A listener on port 8083 of `host` that routes to `pool`, and pool "api" with one backend at `address`. */
function pointing(host: string, address: string, pool = 'api'): Partial<ConfigInput> {
  return {
    listeners: [{ name: 'web', host, port: 8083, routes: [{ name: 'all', pool }] }],
    pools: [{ name: 'api', backends: [{ name: 'a', address }] }, { name: 'other' }],
  };
}

describe('a config', () => {
  it('accepts the example of the documentation', () => {
    const example = {
      version: 1,
      listeners: [
        {
          name: 'web',
          protocol: 'http',
          host: '127.0.0.1',
          port: 8080,
          routes: [{ name: 'all', pool: 'api' }],
        },
      ],
      pools: [
        {
          name: 'api',
          policy: 'weighted-round-robin',
          healthCheck: { type: 'http', path: '/health', intervalMs: 2000, timeoutMs: 1000, rise: 2, fall: 3 },
          backends: [
            { name: 'api-1', address: '127.0.0.1:3001', weight: 90 },
            { name: 'api-2', address: '127.0.0.1:3002', weight: 10, state: 'draining' },
          ],
        },
      ],
    };
    expect(problems(example)).toEqual([]);
  });

  it('fills in every documented default', () => {
    const parsed = parseConfig(config());
    expect(parsed.ok && parsed.value).toMatchObject({
      listeners: [
        {
          protocol: 'http',
          host: '127.0.0.1',
          timeouts: {
            tlsHandshakeMs: 10_000,
            requestHeaderMs: 10_000,
            keepAliveMs: 60_000,
            idleMs: 300_000,
            halfClosedMs: 500,
          },
          limits: { headerBytes: 16_384, headerLines: 100, urlBytes: 8192 },
          routes: [{ match: {} }],
        },
      ],
      pools: [
        {
          policy: 'round-robin',
          firstCheck: 'probe-first',
          whenAllDown: 'reject',
          timeouts: { connectMs: 5000, responseHeaderMs: 30_000, idleMs: 300_000, tunnelIdleMs: 3_600_000 },
          keepAlive: { maxIdle: 64, idleMs: 30_000 },
          backends: [{ weight: 1, state: 'enabled', role: 'primary' }],
        },
      ],
    });
  });

  it('reports every problem at once, each at its path', () => {
    const wrong = {
      version: 1,
      listeners: [{ name: 'w b', port: 70_000 }],
      pools: [{ name: 'api', polcy: 'random', backends: [{ name: 'a', address: 'nowhere', weight: -1 }] }],
    };
    expect(problems(wrong).sort()).toEqual([
      'listeners.0.name: invalid-format',
      'listeners.0.port: too-big',
      'pools.0.backends.0.address: custom',
      'pools.0.backends.0.weight: too-small',
      'pools.0.polcy: unknown-field',
    ]);
  });

  it.each<[string, Partial<ConfigInput>, string]>([
    [
      'two listeners of one name',
      {
        listeners: [
          { name: 'web', port: 1 },
          { name: 'web', port: 2 },
        ],
      },
      'listeners.1.name: duplicate-name',
    ],
    [
      'a listener on what only looks like an address',
      { listeners: [{ name: 'web', host: '999.1.1.1', port: 1 }] },
      'listeners.0.host: no-host',
    ],
    [
      'two listeners on one port',
      {
        listeners: [
          { name: 'a', port: 80 },
          { name: 'b', host: '0.0.0.0', port: 80 },
        ],
      },
      'listeners.1.port: port-clash',
    ],
    ...[
      ['127.0.0.1', '127.0.0.1'],
      ['127.0.0.1', 'localhost'],
      ['localhost', '127.0.0.1'],
      ['0.0.0.0', '[::1]'],
      ['::', 'LOCALHOST'],
      ['10.0.0.7', '10.0.0.7'],
    ].map(([host, target]): [string, Partial<ConfigInput>, string] => [
      `a backend at ${target} that is the listener on ${host} in front of it`,
      pointing(host!, `${target}:8083`),
      'pools.0.backends.0.address: points-at-itself',
    ]),
    [
      'a range of statuses that ends below its start',
      { pools: [{ name: 'api', healthCheck: { type: 'http', expectStatus: ['200', '400-200'] } }] },
      'pools.0.healthCheck.expectStatus.1: reversed-range',
    ],
    [
      'a route to a pool that does not exist',
      { listeners: [{ name: 'web', port: 1, routes: [{ name: 'r', pool: 'nope' }] }] },
      'listeners.0.routes.0.pool: unknown-pool',
    ],
    ...['/a?b=1', '/a#b'].map((pathPrefix): [string, Partial<ConfigInput>, string] => [
      `a route at ${pathPrefix}, which no request has`,
      { listeners: [{ name: 'web', port: 1, routes: [{ name: 'r', match: { pathPrefix }, pool: 'api' }] }] },
      'listeners.0.routes.0.match.pathPrefix: unmatchable-path',
    ]),
    [
      'two backends of one name in a pool',
      {
        pools: [
          {
            name: 'api',
            backends: [
              { name: 'a', address: 'h:1' },
              { name: 'a', address: 'h:2' },
            ],
          },
        ],
      },
      'pools.0.backends.1.name: duplicate-name',
    ],
    [
      'a probe timeout above its interval',
      { pools: [{ name: 'api', healthCheck: { type: 'tcp', intervalMs: 500, timeoutMs: 900 } }] },
      'pools.0.healthCheck.timeoutMs: timeout-exceeds-interval',
    ],
  ])('refuses %s', (_, changes, problem) => {
    expect(problems(config({ ...(changes.listeners ? {} : { listeners: [] }), ...changes }))).toEqual([
      problem,
    ]);
  });

  it('reports rules between parts also while a field elsewhere is wrong', () => {
    const wrong = {
      version: 1,
      listeners: [
        { name: 'a', port: 'x', routes: [{ name: 'r', pool: 'nope' }] },
        { name: 'a', port: 1 },
      ],
      pools: [
        {
          name: 'p',
          healthCheck: { type: 'tcp', intervalMs: 100 },
          backends: [{ name: 'b' }, { name: 'b', address: 'h:1' }],
        },
      ],
    };
    expect(problems(wrong).sort()).toEqual([
      'listeners.0.port: invalid-type',
      'listeners.0.routes.0.pool: unknown-pool',
      'listeners.1.name: duplicate-name',
      'pools.0.backends.0.address: required',
      'pools.0.backends.1.name: duplicate-name',
      'pools.0.healthCheck.timeoutMs: timeout-exceeds-interval',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['a wrong type', { version: 1, pools: {} }, 'pools: must be a list'],
    ['a missing field', { version: 1, pools: [{}] }, 'pools.0.name: is required'],
    [
      'a wrong choice',
      { version: 1, pools: [{ name: 'a', policy: 'zig' }] },
      'pools.0.policy: must be one of "round-robin", "weighted-round-robin", "least-connections", "random"',
    ],
    [
      'a wrong kind of check',
      { version: 1, pools: [{ name: 'a', healthCheck: { type: 'foo' } }] },
      'pools.0.healthCheck.type: must be one of "http", "tcp"',
    ],
    ['no object at all', 7, 'must be an object'],
  ])('says what is wrong with %s in plain words', (_, input, sentence) => {
    const parsed = parseConfig(input);
    expect(parsed.ok ? '' : summarize(parsed.issues)).toBe(`1 problem: ${sentence}`);
  });

  it('lets two listeners share a port number on different addresses, and any number ask for a free port', () => {
    const listeners = [
      { name: 'a', host: '127.0.0.1', port: 80 },
      { name: 'b', host: '127.0.0.2', port: 80 },
      { name: 'c', port: 0 },
      { name: 'd', port: 0 },
    ];
    expect(problems(config({ listeners }))).toEqual([]);
  });

  it.each([undefined, null, 1, 'text', [], { version: 2 }])(
    'answers %j with issues, never an exception',
    (input) => {
      expect(problems(input).length).toBeGreaterThan(0);
    },
  );

  it('starts empty', () => {
    expect(problems(emptyConfig())).toEqual([]);
  });
});

describe('a backend beside a listener', () => {
  it.each([
    ['on another port', pointing('127.0.0.1', 'localhost:8084')],
    ['on another machine', pointing('0.0.0.0', '10.0.0.7:8083')],
    ['that routes elsewhere', pointing('127.0.0.1', '127.0.0.1:8083', 'other')],
  ])('is accepted %s', (_what, parts) => {
    expect(problems({ version: 1, ...parts })).toEqual([]);
  });

  it('that is its own pool’s is named in the refusal', () => {
    const parsed = parseConfig({ version: 1, ...pointing('127.0.0.1', '127.0.0.1:8083') });
    const [issue] = parsed.ok ? [] : parsed.issues;
    expect(issue?.message).toMatch(/^127\.0\.0\.1:8083 is listener "web" itself, /);
  });
});

describe('a config saved before a rule', () => {
  it('is read, and refused at its next change', () => {
    const saved = { version: 1, ...pointing('127.0.0.1', 'localhost:8083') };
    expect(parseSaved(saved)).toMatchObject({ ok: true, value: { listeners: [{ name: 'web' }] } });
    expect(parseConfig(saved)).toMatchObject({ ok: false });
  });

  it('is still refused when its shape is not one', () => {
    expect(parseSaved({ version: 1, pools: [{ name: 'a b' }] })).toMatchObject({ ok: false });
  });
});

describe('an address', () => {
  it.each([
    ['127.0.0.1:3001', { host: '127.0.0.1', port: 3001 }],
    ['localhost:80', { host: 'localhost', port: 80 }],
    ['[::1]:8080', { host: '::1', port: 8080 }],
    ['db.internal.example:65535', { host: 'db.internal.example', port: 65_535 }],
    ['127.0.0.1', undefined],
    ['300.1.1.1:80', undefined],
    ['1.2.3:80', undefined],
    ['a..b:80', undefined],
    ['127.0.0.1:0', undefined],
    ['127.0.0.1:65536', undefined],
    [':80', undefined],
    ['::1:80', undefined],
    ['http://localhost:80', undefined],
    ['a b:80', undefined],
    ['host:80\r\n', undefined],
  ])('%j is read as %j', (text, parsed) => {
    expect(parseAddress(text)).toEqual(parsed);
    if (parsed) expect(formatAddress(parsed.host, parsed.port)).toBe(text);
  });
});
