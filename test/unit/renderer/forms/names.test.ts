import { describe, expect, it } from 'vitest';
import { freePort } from '../../../../src/renderer/src/features/forms/listener-values.ts';
import { freeName, freePoolName, freeWord } from '../../../../src/renderer/src/features/forms/names.ts';

describe('suggested names', () => {
  it('number backends above the highest number in use, so a removed name is not given again at once', () => {
    expect(freeName('api', [])).toBe('api-1');
    expect(freeName('api', ['api-1', 'api-7', 'other-9', 'api-x'])).toBe('api-8');
    expect(freeName('', [])).toBe('backend-1');
  });

  it('use the bare word while it is free', () => {
    expect(freeWord('web', [])).toBe('web');
    expect(freeWord('web', ['web', 'web-2'])).toBe('web-3');
  });

  it('give a pool no name that a pool or a backend has', () => {
    const pool = (name: string, ...backends: string[]) => ({
      name,
      backends: backends.map((backend) => ({ name: backend })),
    });
    expect(freePoolName([pool('api', 'app-2')])).toBe('app');
    expect(freePoolName([pool('app', 'app-1', 'app-2'), pool('api', 'app-3')])).toBe('app-4');
  });

  it('offer a port no other listener asks for', () => {
    expect(freePort([])).toBe(8080);
    expect(freePort([8080, 8081])).toBe(8082);
    expect(freePort([8080, 8081, 8082, 8088, 8090, 9000, 9090, 8100])).toBe(8101);
    expect(freePort([8443], 'https')).toBe(9443);
  });
});
