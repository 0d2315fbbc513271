// What a form saves: the same Config it was opened with when nothing was typed, defaults where a
// field was emptied, and refusals that name the field.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BackendConfig } from '#shared/config/backend.ts';
import { ListenerConfig, RouteConfig } from '#shared/config/listener.ts';
import { PoolConfig } from '#shared/config/pool.ts';
import {
  backendFormSchema,
  backendValues,
  newBackendValues,
} from '../../../../src/renderer/src/features/forms/backend-values.ts';
import { formSchema, plainMessage } from '../../../../src/renderer/src/features/forms/form-schema.ts';
import { scalarFrom, scalarText } from '../../../../src/renderer/src/features/forms/health-check-values.ts';
import { newCertificate } from '../../../../src/renderer/src/features/forms/listener-tls-values.ts';
import {
  ListenerSettings,
  listenerFormSchema,
  listenerValues,
  newListenerValues,
} from '../../../../src/renderer/src/features/forms/listener-values.ts';
import {
  newPoolValues,
  PoolSettings,
  poolFormSchema,
  poolValues,
} from '../../../../src/renderer/src/features/forms/pool-values.ts';
import { routeFormSchema, routeValues } from '../../../../src/renderer/src/features/forms/route-values.ts';

describe('a form that nobody typed into', () => {
  it.each([
    [
      'a backend',
      () => {
        const config = BackendConfig.parse({
          name: 'a',
          address: '[::1]:1',
          weight: 0,
          state: 'draining',
          role: 'backup',
        });
        return [backendFormSchema(config).parse(backendValues(config)), config];
      },
    ],
    [
      'a pool without checks',
      () => {
        const config = PoolSettings.parse({ name: 'a', policy: 'random', whenAllDown: 'forward' });
        return [poolFormSchema(config).parse(poolValues(config)), config];
      },
    ],
    [
      'a pool with every HTTP check field',
      () => {
        const config = PoolSettings.parse({
          name: 'a',
          timeouts: { connectMs: 1, responseHeaderMs: 2, idleMs: 3, tunnelIdleMs: 4 },
          keepAlive: { maxIdle: 0, idleMs: 9 },
          healthCheck: {
            type: 'http',
            method: 'HEAD',
            path: '/h?x=1',
            host: 'x.test',
            expectStatus: ['200', '300-399'],
            expectBody: ' ok ',
            expectJson: { path: 'a.b', equals: 'true' },
            intervalMs: 900,
            timeoutMs: 300,
            rise: 1,
            fall: 5,
          },
        });
        return [poolFormSchema(config).parse(poolValues(config)), config];
      },
    ],
    [
      'a pool with a TCP check',
      () => {
        const config = PoolSettings.parse({ name: 'a', healthCheck: { type: 'tcp', fall: 9 } });
        return [poolFormSchema(config).parse(poolValues(config)), config];
      },
    ],
    [
      'a listener',
      () => {
        const config = ListenerSettings.parse({
          name: 'a',
          port: 0,
          host: '0.0.0.0',
          limits: { headerLines: 7 },
        });
        return [listenerFormSchema(config).parse(listenerValues(config)), config];
      },
    ],
    [
      'an http listener with every field',
      () => {
        const config = ListenerSettings.parse({
          name: 'a',
          port: 80,
          redirectToHttps: { port: 8443 },
          trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
          forwarded: true,
          via: false,
          timeouts: { tlsHandshakeMs: 4, requestHeaderMs: 1, keepAliveMs: 2, idleMs: 3, halfClosedMs: 5 },
          limits: {
            headerBytes: 2048,
            headerLines: 7,
            urlBytes: 99,
            bodyBytes: 5,
            bodyMinBytesPerS: 6,
            keepAliveRequests: 8,
            connections: 9,
            connectionsPerClient: 10,
            http2Streams: 11,
          },
        });
        return [listenerFormSchema(config).parse(listenerValues(config)), config];
      },
    ],
    [
      'an https listener with every field',
      () => {
        const config = ListenerSettings.parse({
          name: 'a',
          port: 443,
          protocol: 'https',
          tls: {
            certificates: [
              { name: 'own', source: 'files', certFile: '/c.pem', keyFile: '/k.pem', hosts: ['*.x.test'] },
              { name: 'bare', source: 'files', certFile: '/c2.pem', keyFile: '/k2.pem' },
              { name: 'local', source: 'local-ca', hosts: ['y.localhost'] },
            ],
            unknownName: 'reject',
            minVersion: 'TLSv1.3',
            http2: false,
            clientCertificates: { caFile: '/ca.pem', required: false },
          },
        });
        return [listenerFormSchema(config).parse(listenerValues(config)), config];
      },
    ],
    [
      'an https listener that leaves TLS to its defaults',
      () => {
        const config = ListenerSettings.parse({ name: 'a', port: 443, protocol: 'https' });
        return [listenerFormSchema(config).parse(listenerValues(config)), config];
      },
    ],
    [
      'an https listener that writes the defaults of TLS out',
      () => {
        const config = ListenerSettings.parse({ name: 'a', port: 443, protocol: 'https', tls: {} });
        return [listenerFormSchema(config).parse(listenerValues(config)), config];
      },
    ],
    [
      'a pool with TLS, a queue, retries and a drain',
      () => {
        const config = PoolSettings.parse({
          name: 'a',
          protocol: 'http2',
          tls: { verify: false, serverName: 'b.test', caFile: '/ca.pem' },
          maxInFlight: 7,
          queue: { max: 8, timeoutMs: 9 },
          retries: {
            attempts: 1,
            deadlineMs: 2,
            bodyBytes: 3,
            statuses: [502, 503],
            budgetPct: 12.5,
            budgetMin: 4,
          },
          drainMs: 0,
        });
        return [poolFormSchema(config).parse(poolValues(config)), config];
      },
    ],
    [
      'a route',
      () => {
        const config = RouteConfig.parse({
          name: 'a',
          pool: 'p',
          match: { host: '*.x.test', pathPrefix: '/api' },
        });
        return [routeFormSchema(config).parse(routeValues(config)), config];
      },
    ],
  ])('saves %s unchanged', (_noun, roundTrip) => {
    const [saved, config] = roundTrip();
    expect(saved).toEqual(config);
  });
});

describe('a field that the form does not show', () => {
  const Target = z.strictObject({
    name: z.string(),
    colour: z.string().default('grey'),
    limits: z.strictObject({ size: z.int().default(1), depth: z.int().default(2) }),
    check: z
      .discriminatedUnion('type', [
        z.strictObject({ type: z.literal('tcp'), quiet: z.boolean().default(false) }),
        z.strictObject({ type: z.literal('http'), path: z.string().default('/') }),
      ])
      .optional(),
    routes: z.array(z.string()).default([]),
  });
  const original = Target.parse({
    name: 'old',
    colour: 'red',
    limits: { size: 7, depth: 8 },
    check: { type: 'tcp', quiet: true },
    routes: ['r'],
  });
  interface Values {
    name: string;
    size: string;
    check: { type: 'tcp' } | { type: 'http'; path: string } | undefined;
  }
  const edit = (values: Partial<Values>) =>
    formSchema(
      (typed: Values) => ({
        name: typed.name,
        limits: { size: typed.size === '' ? undefined : Number(typed.size) },
        check: typed.check,
      }),
      Target,
      original,
    ).parse({ name: 'new', size: '9', check: { type: 'tcp' }, ...values });

  it('stays as it is, at every depth', () => {
    expect(edit({})).toEqual({ ...original, name: 'new', limits: { size: 9, depth: 8 } });
  });

  it('does not keep alive what the form took away', () => {
    expect(edit({ size: '' }).limits).toEqual({ size: 1, depth: 8 });
    expect(edit({ check: undefined }).check).toBeUndefined();
    expect(edit({ check: { type: 'http', path: '/h' } }).check).toEqual({ type: 'http', path: '/h' });
  });
});

describe('a listener that changes its protocol', () => {
  const https = ListenerSettings.parse({
    name: 'a',
    port: 443,
    protocol: 'https',
    tls: { minVersion: 'TLSv1.3' },
  });
  const http = ListenerSettings.parse({ name: 'a', port: 80, redirectToHttps: {} });

  it('drops TLS with https, and the redirect with http', () => {
    const toHttp = listenerFormSchema(https).parse({ ...listenerValues(https), protocol: 'http' });
    expect(toHttp.tls).toBeUndefined();
    const toHttps = listenerFormSchema(http).parse({ ...listenerValues(http), protocol: 'https' });
    expect(toHttps).toMatchObject({ protocol: 'https', redirectToHttps: undefined, tls: undefined });
  });

  it('saves the time for TLS handshakes with https only, whatever was typed before', () => {
    const values = listenerValues(https);
    const typed = (tlsHandshakeMs: string) => ({ ...values.timeouts, tlsHandshakeMs });
    const save = (protocol: 'http' | 'https', text: string) =>
      listenerFormSchema(https).safeParse({ ...values, protocol, timeouts: typed(text) });
    expect(save('https', '2500').data?.timeouts.tlsHandshakeMs).toBe(2500);
    expect(save('https', 'soon').error?.issues[0]?.path).toEqual(['timeouts', 'tlsHandshakeMs']);
    expect(save('http', 'soon').data?.timeouts).toEqual(https.timeouts);
  });

  it('drops the files of a certificate that comes from the local authority now', () => {
    const values = listenerValues(https);
    const tls = { ...values.tls, certificates: [{ ...newCertificate('x'), certFile: '/old.pem' }] };
    const saved = listenerFormSchema(https).parse({ ...values, tls });
    expect(saved.tls?.certificates).toEqual([
      { name: 'x', source: 'local-ca', hosts: ['localhost', '*.localhost'] },
    ]);
  });
});

describe('an emptied field', () => {
  it('means the default', () => {
    const pool = poolFormSchema().parse({
      ...newPoolValues('a'),
      timeouts: { connectMs: '', responseHeaderMs: ' ', idleMs: '', tunnelIdleMs: '' },
    });
    expect(pool.timeouts).toEqual(PoolConfig.parse({ name: 'a' }).timeouts);
    const listener = listenerFormSchema().parse({ ...newListenerValues('web', 8080), host: '' });
    expect(listener.host).toBe(ListenerConfig.parse({ name: 'x', port: 1 }).host);
  });
});

describe('a refusal', () => {
  it.each([
    [
      'an empty name',
      backendFormSchema(),
      { ...newBackendValues(''), address: '3001' },
      'name',
      /letters, digits/,
    ],
    ['no address', backendFormSchema(), newBackendValues('a'), 'address', /host:port/],
    [
      'a weight that is no number',
      backendFormSchema(),
      { ...newBackendValues('a'), address: '1', weight: 'x' },
      'weight',
      /whole number/,
    ],
    ['no port', listenerFormSchema(), { ...newListenerValues('a', 1), port: '' }, 'port', /whole number/],
    [
      'words for a count',
      poolFormSchema(),
      { ...newPoolValues('a'), keepAlive: { maxIdle: 'many', idleMs: '1' } },
      'keepAlive.maxIdle',
      /^must be a whole number$/,
    ],
    [
      'a certificate without a file',
      listenerFormSchema(),
      {
        ...newListenerValues('a', 1),
        protocol: 'https',
        tls: {
          ...newListenerValues('a', 1).tls,
          certificates: [{ ...newCertificate('x'), source: 'files', keyFile: '/k.pem' }],
        },
      },
      'tls.certificates.0.certFile',
      /^name a file$/,
    ],
    [
      'a network that is none',
      listenerFormSchema(),
      { ...newListenerValues('a', 1), trustedProxies: '10.0.0.0/8\nnonsense' },
      'trustedProxies.1',
      /an address or a network/,
    ],
    [
      'words for a status',
      poolFormSchema(),
      { ...newPoolValues('a'), retries: { ...newPoolValues('a').retries, statuses: '502 gone' } },
      'retries.statuses.1',
      /whole number/,
    ],
  ])('of %s names its field', (_what, schema, values, path, message) => {
    const parsed = schema.safeParse(values, { error: plainMessage });
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
    expect(parsed.error?.issues[0]?.message).toMatch(message);
  });
});

describe('the value a JSON field must have', () => {
  it.each([['ok'], ['true'], [''], ['"quoted"'], [12], [true], [null]])(
    'is read back as it was written: %j',
    (value) => {
      expect(scalarFrom(scalarText(value))).toBe(value);
    },
  );

  it('takes objects as text, for a field is compared with one value', () => {
    expect(scalarFrom('{"a":1}')).toBe('{"a":1}');
  });
});

it('keeps an address that was saved as another’s, until it is changed to a third one’s', () => {
  const [a, b, c] = ['127.0.0.1:1', '127.0.0.1:1', '127.0.0.1:2'].map((address, i) =>
    BackendConfig.parse({ name: `b-${i}`, address }),
  ) as [BackendConfig, BackendConfig, BackendConfig];
  const schema = backendFormSchema(a, false, [b, c]);
  expect(schema.safeParse({ ...backendValues(a), weight: '7' }).success).toBe(true);
  expect(schema.safeParse({ ...backendValues(a), address: c.address }).success).toBe(false);
  expect(backendFormSchema(undefined, false, [b]).safeParse(backendValues(a)).success).toBe(false);
});
