import { describe, expect, it } from 'vitest';
import type { AdminState } from '#shared/config/backend.ts';
import type { PolicyName } from '#shared/config/pool.ts';
import type { BackendStatus, HealthState } from '#shared/status.ts';
import { noServiceText } from '../../../../src/renderer/src/lib/no-service.ts';

type Part = [AdminState, HealthState, number];

function text(policy: PolicyName, ...parts: Part[]): string {
  const backends = parts.map(([admin, health, weight]) => ({ admin, health, weight }) as BackendStatus);
  return noServiceText({ policy, backends });
}

describe('noServiceText', () => {
  it.each<[string, Part[], RegExp]>([
    [
      'all down',
      [
        ['enabled', 'down', 1],
        ['enabled', 'down', 1],
      ],
      /every one is down$/,
    ],
    [
      'all drained',
      [
        ['draining', 'up', 1],
        ['draining', 'up', 1],
      ],
      /^Every backend is drained/,
    ],
    [
      'all disabled, whatever their health',
      [
        ['disabled', 'down', 1],
        ['disabled', 'up', 1],
      ],
      /is disabled/,
    ],
    [
      'all of weight 0',
      [
        ['enabled', 'up', 0],
        ['enabled', 'up', 0],
      ],
      /^Every backend has weight 0/,
    ],
    [
      'all taken out by hand, one of them down since',
      [
        ['draining', 'down', 1],
        ['draining', 'up', 1],
      ],
      /^Every backend is drained/,
    ],
    [
      'all taken out by hand in two ways',
      [
        ['draining', 'up', 1],
        ['disabled', 'down', 1],
        ['disabled', 'up', 1],
      ],
      /^Every backend was taken out by hand: 1 drained, 2 disabled of 3 backends$/,
    ],
    ['a pool without any', [], /^It has no backend/],
    ['none checked yet', [['enabled', 'checking', 1]], /^Waiting for health checks/],
    [
      'several reasons',
      [
        ['enabled', 'down', 1],
        ['draining', 'up', 1],
        ['enabled', 'up', 0],
      ],
      /: 1 down, 1 drained, 1 without weight of 3 backends$/,
    ],
  ])('names the reason of %s', (_what, parts, sentence) => {
    expect(text('weighted-round-robin', ...parts)).toMatch(sentence);
  });

  it('blames no weight where the policy ignores weights', () => {
    expect(text('round-robin', ['enabled', 'up', 0])).toBe('No backend takes new requests now');
  });
});
