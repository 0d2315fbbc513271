// How a run of probe results becomes a state. Each row is one backend's life: results in, states out.
import { describe, expect, it } from 'vitest';
import {
  ASSUMED_UP,
  CHECKING,
  carryOver,
  type HealthOpinion,
  judge,
  progressOf,
  UNCHECKED,
} from '../../../src/main/health/judge.ts';

/** "++-" → the states after each result, with the count while failing or recovering. */
function live(
  results: string,
  thresholds: { rise: number; fall: number },
  start: HealthOpinion = CHECKING,
): string {
  let opinion = start;
  const states: string[] = [];
  for (const result of results) {
    opinion = judge(opinion, result === '+', thresholds);
    const progress = progressOf(opinion, thresholds);
    states.push(progress ? `${opinion.state} ${progress.count}/${progress.of}` : opinion.state);
  }
  return states.join(', ');
}

describe('judge', () => {
  it.each([
    ['is up on the first success', '+', 2, 3, 'up'],
    ['is down on the first failure, for nothing was flowing', '-', 2, 3, 'down'],
    ['goes up at once if it never was up', '--+', 2, 3, 'down, down, up'],
    [
      'stays up through two failures and a success of fall 3',
      '+--+',
      2,
      3,
      'up, failing 1/3, failing 2/3, up',
    ],
    ['goes down at the third failure in a row', '+---', 2, 3, 'up, failing 1/3, failing 2/3, down'],
    ['counts failures anew after a success', '+-+--', 2, 3, 'up, failing 1/3, up, failing 1/3, failing 2/3'],
    [
      'needs two successes to return after rise 2',
      '+---++',
      2,
      3,
      'up, failing 1/3, failing 2/3, down, recovering 1/2, up',
    ],
    ['falls back from recovering at one failure', '+-+-', 2, 1, 'up, down, recovering 1/2, down'],
    [
      'counts successes anew after falling back',
      '+-+-++',
      2,
      1,
      'up, down, recovering 1/2, down, recovering 1/2, up',
    ],
    ['has no state between with rise 1 and fall 1', '+-+-', 1, 1, 'up, down, up, down'],
    [
      'never leaves service while it flaps one and one',
      '+-+-+-+',
      2,
      2,
      'up, failing 1/2, up, failing 1/2, up, failing 1/2, up',
    ],
    [
      'never returns while it flaps one and one',
      '+--+-+-',
      2,
      2,
      'up, failing 1/2, down, recovering 1/2, down, recovering 1/2, down',
    ],
  ])('%s', (_name, results, rise, fall, expected) => {
    expect(live(results, { rise, fall })).toBe(expected);
  });

  it('protects the traffic of a backend that was assumed up', () => {
    expect(live('--+', { rise: 2, fall: 2 }, ASSUMED_UP)).toBe('failing 1/2, down, recovering 1/2');
  });

  it.each([
    [
      'what is unchecked serves until fall failures of its new check',
      UNCHECKED,
      '',
      '---+-',
      'failing 1/3, failing 2/3, down, recovering 1/2, down',
    ],
    ['what is unchecked is up by the first success of its new check', UNCHECKED, '', '+', 'up'],
    [
      'what is up serves until fall failures of the changed check',
      CHECKING,
      '+',
      '---',
      'failing 1/3, failing 2/3, down',
    ],
    ['failures of the former check do not count', CHECKING, '+--', '--', 'failing 1/3, failing 2/3'],
    ['what is down stays down until one success', CHECKING, '+---', '--+', 'down, down, up'],
    ['what is recovering returns with one success', CHECKING, '+---+', '+', 'up'],
    ['what was waiting for its first result waits on', CHECKING, '', '-', 'down'],
  ])('carries over to a changed check: %s', (_name, start, former, results, expected) => {
    const thresholds = { rise: 2, fall: 3 };
    let opinion: HealthOpinion = start;
    for (const result of former) opinion = judge(opinion, result === '+', thresholds);
    expect(live(results, thresholds, carryOver(opinion))).toBe(expected);
  });

  it('settles a run that a lowered threshold has already completed', () => {
    const failing = judge(judge(ASSUMED_UP, false, { rise: 2, fall: 5 }), false, { rise: 2, fall: 5 });
    expect(progressOf(failing, { rise: 2, fall: 1 })).toEqual({ count: 1, of: 1 });
    expect(judge(failing, false, { rise: 2, fall: 1 }).state).toBe('down');
  });
});
