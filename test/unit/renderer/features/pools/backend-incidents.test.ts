import { describe, expect, it } from 'vitest';
import {
  incidentsOf,
  incidentTime,
} from '../../../../../src/renderer/src/features/pools/backend-incidents.ts';

const incident = (backend: string, start: number, end: number | null, pool = 'api') => ({
  pool,
  backend,
  start,
  end,
  cause: '',
});

describe('incidentsOf', () => {
  const all = [
    incident('a', 900, null),
    incident('b', 800, 810),
    incident('a', 500, 600),
    incident('a', 1, 2, 'web'),
  ];
  const starts = (period?: { from: number; to: number }) =>
    incidentsOf(all, 'api', 'a', period).map(({ start }) => start);

  it('are those of the one backend of the one pool', () => {
    expect(starts()).toEqual([900, 500]);
  });

  it.each([
    [{ from: 0, to: 500 }, []],
    [{ from: 550, to: 580 }, [500]],
    [{ from: 590, to: 950 }, [900, 500]],
    [{ from: 2000, to: 3000 }, [900]],
  ])('of %j overlap it', (period, expected) => {
    expect(starts(period)).toEqual(expected);
  });
});

describe('incidentTime', () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 0).getTime();
  it('names a day once, and says what still lasts', () => {
    expect(incidentTime({ start: at(20, 9), end: at(20, 11) })).toBe('20 Nov 09:00 to 11:00, 2h 00m');
    expect(incidentTime({ start: at(20, 23), end: at(21, 1) })).toBe('20 Nov 23:00 to 21 Nov 01:00, 2h 00m');
    expect(incidentTime({ start: at(20, 9), end: null })).toBe('Since 20 Nov 09:00, still down');
  });
});
