import { describe, expect, it } from 'vitest';
import type { Fault } from '#shared/contract.ts';
import { createFaultLog } from '../../../src/main/app/faults.ts';

function recorded() {
  let now = 1_000_000;
  const logged: unknown[][] = [];
  const told: Fault[] = [];
  const faults = createFaultLog({
    now: () => now,
    log: { error: (...line: unknown[]) => void logged.push(line) },
    onFault: (fault) => told.push(fault),
  });
  return { faults, logged, told, pass: (ms: number) => (now += ms) };
}

describe('bugs that ended connections', () => {
  it('are logged with their cause and told, the same one once a minute', () => {
    const { faults, logged, told, pass } = recorded();
    for (let i = 0; i < 3; i++) faults.add({ message: 'oops', stack: 'at oops' });
    expect(told).toEqual([{ at: 1_000_000, message: 'oops' }]);
    expect(logged).toEqual([[{ stack: 'at oops' }, 'a connection ended unexpectedly: oops']]);
    pass(60_000);
    faults.add({ message: 'oops', stack: 'at oops' });
    expect(told).toHaveLength(2);
    expect(logged[1]).toEqual(['2 more connections ended unexpectedly in the meantime']);
  });

  it('are told ten a minute at most', () => {
    const { faults, told } = recorded();
    for (let i = 0; i < 50; i++) faults.add({ message: `oops ${i}`, stack: '' });
    expect(told).toHaveLength(10);
  });
});
