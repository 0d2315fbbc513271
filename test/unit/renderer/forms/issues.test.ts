import { describe, expect, it } from 'vitest';
import { Weight } from '#shared/config/backend.ts';
import { ListenerConfig } from '#shared/config/listener.ts';
import { PoolConfig } from '#shared/config/pool.ts';
import { newBackendValues } from '../../../../src/renderer/src/features/forms/backend-values.ts';
import { hintOf } from '../../../../src/renderer/src/features/forms/field-docs.ts';
import { errorAt, placeIssues } from '../../../../src/renderer/src/features/forms/issues.ts';
import { newListenerValues } from '../../../../src/renderer/src/features/forms/listener-values.ts';
import { newPoolValues } from '../../../../src/renderer/src/features/forms/pool-values.ts';

const issue = (path: string) => ({ path, code: 'x', message: 'is wrong' });

describe('placeIssues', () => {
  it.each([
    ['backend.weight', 'weight'],
    ['pools.2.backends.11.name', 'name'],
  ] as const)('puts %s beside %s of the backend form', (path, field) => {
    expect(placeIssues([issue(path)], 'backend', newBackendValues('a'))).toEqual({
      fields: [{ path: field, message: 'It is wrong' }],
      general: [],
    });
  });

  it('puts a problem of one item of a list beside the list', () => {
    const placed = placeIssues([issue('pool.healthCheck.expectStatus.1')], 'pool', newPoolValues('a'));
    expect(placed.fields).toEqual([{ path: 'healthCheck.expectStatus', message: 'It is wrong' }]);
  });

  it.each([
    ['listener.tls.certificates.0.certFile', 'tls.certificates.0.certFile'],
    ['listeners.4.tls.certificates.0.hosts.2', 'tls.certificates.0.hosts'],
    ['listener.trustedProxies.1', 'trustedProxies'],
    ['listener.redirectToHttps.port', 'redirectToHttps.port'],
  ])('puts %s of a listener beside %s', (path, field) => {
    const placed = placeIssues([issue(path)], 'listener', newListenerValues('a', 1));
    expect(placed.fields).toEqual([{ path: field, message: 'It is wrong' }]);
  });

  it('names the entry of a list by its text', () => {
    const values = { ...newListenerValues('a', 1), trustedProxies: '10.0.0.0/8\n192.0.2.7' };
    const { fields } = placeIssues([issue('listener.trustedProxies.1')], 'listener', values);
    expect(fields).toEqual([{ path: 'trustedProxies', message: '"192.0.2.7" is wrong' }]);
  });

  it.each([
    ['listener.tls.certificates', 'Listener, tls, certificates: It is wrong'],
    ['listener.tls.certificates.7.name', 'Listener, tls, certificate 8, name: It is wrong'],
    ['listeners.1.trustedProxies.0', 'Listener 2, trusted proxies 1: It is wrong'],
    ['pools.0.healthCheck.timeoutMs', 'Pool 1, health check, timeout: It is wrong'],
    ['', 'It is wrong'],
  ])('keeps %j, which no field holds, for the top of the form and says where it is', (path, text) => {
    const placed = placeIssues([issue(path)], path.startsWith('pools') ? 'route' : 'listener', {});
    expect(placed).toEqual({ fields: [], general: [text] });
  });

  it.each(['', 'version', 'listeners.0.routes.0.pool', 'pools.0.backends.0.name', 'pool.timeouts'])(
    'keeps %j for the top of the pool form',
    (path) => {
      const placed = placeIssues([issue(path)], 'pool', newPoolValues('a'));
      expect(placed.fields).toEqual([]);
      expect(placed.general).toHaveLength(1);
    },
  );
});

describe('errorAt', () => {
  it('finds the message of a field, and of the first item below it', () => {
    const errors = {
      name: { message: 'a' },
      healthCheck: { expectStatus: [undefined, { message: 'b', ref: {} }] },
    };
    expect(errorAt(errors, 'name')).toBe('a');
    expect(errorAt(errors, 'healthCheck.expectStatus')).toBe('b');
    expect(errorAt(errors, 'healthCheck.path')).toBeUndefined();
    expect(errorAt(errors, 'timeouts')).toBeUndefined();
  });
});

describe('hintOf', () => {
  it('says the meaning and the default of a field', () => {
    expect(hintOf(PoolConfig.shape.whenAllDown)).toMatch(/every backend down.*Default reject\.$/);
    expect(hintOf(ListenerConfig.shape.via)).toMatch(/508\. Default on\.$/);
    expect(hintOf(ListenerConfig.shape.trustedProxies)).toMatch(/Default none\.$/);
    expect(hintOf(Weight)).toBeUndefined();
  });
});
