import { describe, expect, it } from 'vitest';
import type { BackendStatus, EffectiveState } from '#shared/status.ts';
import { filterBackends } from '../../../../../src/renderer/src/features/pools/backend-filter.ts';

function backend(name: string, state: EffectiveState, cause = ''): BackendStatus {
  return { name, state, cause, role: 'primary', address: `127.0.0.1:30${name.slice(-2)}` } as BackendStatus;
}
const ALL = [
  backend('api-01', 'up'),
  backend('api-02', 'down', 'connection refused'),
  backend('web-03', 'draining'),
];
const names = (list: readonly BackendStatus[]) => list.map(({ name }) => name);

describe('filtering backends', () => {
  it.each([
    ['api', ['api-01', 'api-02']],
    [':3003', ['web-03']],
    ['REFUSED api', ['api-02']],
    ['draining', ['web-03']],
    ['api web', []],
  ])('finds %j', (text, found) => {
    expect(names(filterBackends(ALL, text, 'all'))).toEqual(found);
  });

  it('counts a drain as a decision and not as a problem', () => {
    expect(names(filterBackends(ALL, '', 'problems'))).toEqual(['api-02']);
  });

  it('returns the same list when nothing is filtered', () => {
    expect(filterBackends(ALL, '  ', 'all')).toBe(ALL);
  });
});
