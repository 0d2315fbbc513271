// What a form saves: the same Config it was opened with when nothing was typed, defaults where a
// field was emptied, and refusals that name the field.
import { describe, expect, it } from 'vitest';
import { BackendConfig } from '#shared/config/backend.ts';
import { ListenerConfig, RouteConfig } from '#shared/config/listener.ts';
import { PoolConfig } from '#shared/config/pool.ts';
import {
  BackendFormSchema,
  backendValues,
  newBackendValues,
} from '../../../../src/renderer/src/features/forms/backend-values.ts';
import { plainMessage } from '../../../../src/renderer/src/features/forms/form-schema.ts';
import { scalarFrom, scalarText } from '../../../../src/renderer/src/features/forms/health-check-values.ts';
import {
  ListenerFormSchema,
  ListenerSettings,
  listenerValues,
  newListenerValues,
} from '../../../../src/renderer/src/features/forms/listener-values.ts';
import {
  newPoolValues,
  PoolFormSchema,
  PoolSettings,
  poolValues,
} from '../../../../src/renderer/src/features/forms/pool-values.ts';
import { RouteFormSchema, routeValues } from '../../../../src/renderer/src/features/forms/route-values.ts';

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
        return [BackendFormSchema.parse(backendValues(config)), config];
      },
    ],
    [
      'a pool without checks',
      () => {
        const config = PoolSettings.parse({ name: 'a', policy: 'random', whenAllDown: 'forward' });
        return [PoolFormSchema.parse(poolValues(config)), config];
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
        return [PoolFormSchema.parse(poolValues(config)), config];
      },
    ],
    [
      'a pool with a TCP check',
      () => {
        const config = PoolSettings.parse({ name: 'a', healthCheck: { type: 'tcp', fall: 9 } });
        return [PoolFormSchema.parse(poolValues(config)), config];
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
        return [ListenerFormSchema.parse(listenerValues(config)), config];
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
        return [RouteFormSchema.parse(routeValues(config)), config];
      },
    ],
  ])('saves %s unchanged', (_noun, roundTrip) => {
    const [saved, config] = roundTrip();
    expect(saved).toEqual(config);
  });
});

describe('an emptied field', () => {
  it('means the default', () => {
    const pool = PoolFormSchema.parse({
      ...newPoolValues('a'),
      timeouts: { connectMs: '', responseHeaderMs: ' ', idleMs: '', tunnelIdleMs: '' },
    });
    expect(pool.timeouts).toEqual(PoolConfig.parse({ name: 'a' }).timeouts);
    const listener = ListenerFormSchema.parse({ ...newListenerValues('web', 8080), host: '' });
    expect(listener.host).toBe(ListenerConfig.parse({ name: 'x', port: 1 }).host);
  });
});

describe('a refusal', () => {
  it.each([
    [
      'an empty name',
      BackendFormSchema,
      { ...newBackendValues(''), address: '3001' },
      'name',
      /letters, digits/,
    ],
    ['no address', BackendFormSchema, newBackendValues('a'), 'address', /host:port/],
    [
      'a weight that is no number',
      BackendFormSchema,
      { ...newBackendValues('a'), address: '1', weight: 'x' },
      'weight',
      /whole number/,
    ],
    ['no port', ListenerFormSchema, { ...newListenerValues('a', 1), port: '' }, 'port', /whole number/],
    [
      'words for a count',
      PoolFormSchema,
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
