import { describe, expect, it } from 'vitest';
import { parseConfig } from '#shared/config/config.ts';
import { splitConfig } from '../../../../src/renderer/src/features/first-run/split-config.ts';

describe('splitConfig', () => {
  it('is a valid Config that sends half of the traffic to each address', () => {
    const parsed = parseConfig(splitConfig('127.0.0.1:3001', '[::1]:3002', 8080));
    expect(
      parsed.ok && parsed.value.pools[0]?.backends.map(({ address, weight }) => [address, weight]),
    ).toEqual([
      ['127.0.0.1:3001', 50],
      ['[::1]:3002', 50],
    ]);
  });
});
