// What the route form starts with and what it says of a path: before a save where it can never match.
import { describe, expect, it } from 'vitest';
import { ListenerConfig } from '#shared/config/listener.ts';
import { formResolver } from '../../../../src/renderer/src/features/forms/form-resolver.ts';
import {
  defaultPlace,
  likelyListener,
  listenerText,
  literalStarText,
  newRouteValues,
  routeFormSchema,
  routeMisfits,
} from '../../../../src/renderer/src/features/forms/route-values.ts';

function listener(name: string, changes: object = {}) {
  return ListenerConfig.parse({ name, port: 8080, ...changes });
}

describe('the path of a route', () => {
  const errorsOf = async (pathPrefix: string) => {
    const values = { ...newRouteValues('all', 'api'), match: { host: '', pathPrefix } };
    const options = { fields: {}, shouldUseNativeValidation: false };
    const { errors } = await formResolver(routeFormSchema(), routeMisfits)(values, undefined, options);
    return errors.match?.pathPrefix?.message;
  };

  it.each([
    ['/a?b=1', 'It must not hold "?": routes look at the path, not the query; use /a'],
    ['/a#b', 'It must not hold "#": no request has it in its path; use /a'],
    ['a?b', 'Start with "/" and leave out spaces, for example /health'],
  ])('%s is refused', async (path, message) => {
    expect(await errorsOf(path)).toBe(message);
  });

  it.each(['', '/', '/api*', '/a%3Fb', "/a;b=1,c'(d)"])('%j is accepted', async (path) => {
    expect(await errorsOf(path)).toBeUndefined();
  });

  it.each([
    ['/api*', 'The * is taken literally: only paths with a * in them match. /api alone takes all below it.'],
    ['/api/*', 'The * is taken literally: only paths with a * in them match. /api alone takes all below it.'],
    ['/*', 'The * is taken literally: only paths with a * in them match.'],
    ['/*/x*', 'The * is taken literally: only paths with a * in them match.'],
    ['/api', undefined],
    ['', undefined],
  ])('%j warns: %s', (path, text) => {
    expect(literalStarText(path)).toBe(text);
  });
});

describe('a new route', () => {
  const to = { redirectToHttps: { port: 8443 } };

  it('is meant for a listener that asks its routes', () => {
    expect(likelyListener([listener('plain', to), listener('web')])).toBe('web');
    expect(likelyListener([listener('plain', to)])).toBe('plain');
    expect(likelyListener([])).toBeUndefined();
  });

  it('is offered listeners by where they answer', () => {
    expect(listenerText(listener('web'))).toBe('http://localhost:8080');
    expect(listenerText(listener('web', to))).toBe('http://localhost:8080, sends all to https');
    expect(listenerText(listener('web', { port: 0 }))).toBe('http, port chosen by the system');
    expect(listenerText(listener('web', { protocol: 'https', host: 'fd00::1', port: 443 }))).toBe(
      'https://[fd00::1]',
    );
  });

  it('goes before a last route that takes everything, else to the end', () => {
    const narrow = { name: 'a', match: { pathPrefix: '/a' }, pool: 'api' };
    const wide = { name: 'b', match: {}, pool: 'api' };
    expect(defaultPlace([])).toBe(0);
    expect(defaultPlace([narrow])).toBe(1);
    expect(defaultPlace([narrow, wide])).toBe(1);
    expect(defaultPlace([wide, narrow])).toBe(2);
  });
});
