import { describe, expect, it } from 'vitest';
import type { AdminState, BackendRole } from '#shared/config/backend.ts';
import { shareText, usualWeight } from '../../../../src/renderer/src/features/forms/backend-values.ts';

const one = (weight: number, state: AdminState = 'enabled', role: BackendRole = 'primary') => ({
  weight,
  state,
  role,
});

describe('usualWeight', () => {
  it.each([
    [[], 1],
    [[60, 30, 15], 35],
    [[1, 2], 2],
    [[0, 0], 0],
  ])('beside weights %j is %d', (weights, expected) => {
    expect(usualWeight(weights.map((weight) => one(weight)))).toBe(expected);
  });
});

describe('shareText', () => {
  const typed = (weight: string, state: AdminState = 'enabled', role: BackendRole = 'primary') => ({
    weight,
    state,
    role,
  });
  const others = [one(50), one(25), one(100, 'disabled'), one(25, 'enabled', 'backup')];

  it('counts those that are enabled and of the same role', () => {
    expect(shareText(typed('25'), others, 'random')).toMatch(/^25\.0% of the requests when/);
    expect(shareText(typed('25', 'enabled', 'backup'), others, 'random')).toMatch(/^50\.0% .* only backups/);
  });

  it('promises no share where there is none', () => {
    expect(shareText(typed('25', 'disabled'), others, 'random')).toBe(
      'It gets no new requests while it is disabled.',
    );
    expect(shareText(typed('25'), others, 'round-robin')).toMatch(/ignores weights/);
    expect(shareText(typed('0'), [], 'random')).toMatch(/^0% /);
  });

  it.each(['', 'abc', '1.5', '-1', '1001'])('says nothing of the weight "%s"', (weight) => {
    expect(shareText(typed(weight), others, 'random')).toBeUndefined();
  });
});
