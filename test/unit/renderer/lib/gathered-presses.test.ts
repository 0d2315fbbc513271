// Key presses that move a value: shown at once, saved as one, by a clock the test moves.
import { describe, expect, it } from 'vitest';
import { endingOf, gatherPresses, SAVE_AFTER_MS } from '../../../../src/renderer/src/lib/gathered-presses.ts';

function gathering(room = { lowest: -0.6, highest: 0.3 }) {
  const said: string[] = [];
  let now = 0;
  let timer: { at: number; run: () => void } | null = null;
  const presses = gatherPresses({
    schedule(run, afterMs) {
      const mine = { at: now + afterMs, run };
      timer = mine;
      return () => {
        if (timer === mine) timer = null;
      };
    },
    onBegin: () => {
      said.push('begin');
      return room;
    },
    onShow: (delta) => said.push(`show ${Math.round(delta * 100)}`),
    onSave: (delta) => said.push(`save ${Math.round(delta * 100)}`),
    onTakeBack: () => said.push('take back'),
  });
  const pass = (ms: number) => {
    now += ms;
    if (timer === null || timer.at > now) return;
    const { run } = timer;
    timer = null;
    run();
  };
  return { presses, pass, said };
}

describe('key presses on a border', () => {
  it('show at once and are saved together, a while after the last', () => {
    const { presses, pass, said } = gathering();
    presses.press(0.01);
    pass(SAVE_AFTER_MS - 1);
    presses.press(0.01);
    pass(SAVE_AFTER_MS - 1);
    presses.press(0.05);
    expect(said).toEqual(['begin', 'show 1', 'show 2', 'show 7']);
    pass(SAVE_AFTER_MS);
    expect(said.slice(4)).toEqual(['save 7']);
    pass(10 * SAVE_AFTER_MS);
    expect(said.slice(5)).toEqual([]);
  });

  it('are saved at once when asked to, and not a second time', () => {
    const { presses, pass, said } = gathering();
    presses.press(-0.05);
    expect(presses.waiting()).toBe(true);
    presses.flush();
    expect(presses.waiting()).toBe(false);
    presses.flush();
    pass(SAVE_AFTER_MS);
    expect(said).toEqual(['begin', 'show -5', 'save -5']);
  });

  it('are taken back together, and what is pressed after begins anew', () => {
    const { presses, pass, said } = gathering();
    presses.press(0.05);
    presses.press(0.05);
    presses.takeBack();
    pass(SAVE_AFTER_MS);
    presses.press(0.01);
    presses.flush();
    expect(said.slice(3)).toEqual(['take back', 'begin', 'show 1', 'save 1']);
  });

  it('save nothing when they cancel one another out', () => {
    const { presses, pass, said } = gathering();
    for (let i = 0; i < 5; i++) presses.press(0.01);
    presses.press(-0.05);
    pass(SAVE_AFTER_MS);
    expect(said.at(-1)).toBe('take back');
    expect(said.filter((each) => each.startsWith('save'))).toEqual([]);
  });

  it('do not pile up beyond the end: one press back moves the border at once', () => {
    const { presses, said } = gathering();
    for (let i = 0; i < 20; i++) presses.press(0.05);
    presses.press(-0.05);
    expect(said.slice(-2)).toEqual(['show 30', 'show 25']);
  });

  it('take nothing back when nothing is gathered', () => {
    const { presses, said } = gathering();
    presses.takeBack();
    expect(said).toEqual([]);
  });
});

describe('a key that ends what is gathered', () => {
  it.each([
    { keys: 'Escape', ending: 'take-back' },
    { keys: 'Control+z', ending: 'take-back' },
    { keys: 'Meta+Z', ending: 'take-back' },
    { keys: 'Enter', ending: 'save' },
    { keys: 'Control+Shift+Z', ending: 'save' },
    { keys: 'Meta+Shift+z', ending: 'save' },
    { keys: 'z', ending: null },
    { keys: 'Shift+Z', ending: null },
    { keys: 'ArrowLeft', ending: null },
  ])('is read from $keys: $ending', ({ keys, ending }) => {
    const parts = keys.split('+');
    expect(
      endingOf({
        key: parts.at(-1) ?? '',
        ctrlKey: parts.includes('Control'),
        metaKey: parts.includes('Meta'),
        shiftKey: parts.includes('Shift'),
      }),
    ).toBe(ending);
  });
});
