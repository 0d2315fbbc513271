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
