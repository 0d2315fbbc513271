// The weight of one backend in the table of the pool board, built and in Chromium, on a fake core:
// - by its slider and by its number, by mouse and by keyboard, as one revision a person can take back
// - what is no weight is refused where it was typed
import { describe, expect, it } from 'vitest';
import {
  commandsOf,
  focusedLabel,
  focusedRow,
  openBoard,
  row,
  sceneWith,
  weightsOf,
} from '../../support/pool-board.ts';
import { rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

describe('the weight of a backend', () => {
  it('gets a new weight by w and Enter, and keeps the old one by Esc', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await row(page, 'api-2').waitFor();
    await page.keyboard.press('2');
    await page.keyboard.press('w');
    await page.keyboard.type('70');
    await page.keyboard.press('Enter');
    await expect.poll(() => weightsOf(core)['api-2']).toBe(70);
    expect(await focusedRow(page)).toBe('api-2');

    await page.keyboard.press('w');
    await page.keyboard.type('5');
    await page.keyboard.press('Escape');
    expect(await focusedRow(page)).toBe('api-2');
    await expect.poll(() => row(page, 'api-2').getByRole('textbox').inputValue()).toBe('70');
    expect(commandsOf(core, 'backends.setWeight')).toEqual([{ pool: 'api', backend: 'api-2', weight: 70 }]);
  });

  it('gathers key presses on its slider into one revision, which one undo takes back', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await row(page, 'api-3').getByRole('slider', { name: 'Weight of api-3' }).focus();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 3_600_000);
    const before = core.state.revisions.length;
    for (let press = 0; press < 4; press += 1) {
      await page.keyboard.press('ArrowRight');
      await page.clock.runFor(500);
    }
    await page.getByText('api-3 19 · applied in a moment').waitFor();
    expect(core.state.revisions.length).toBe(before);
    await page.clock.runFor(700);
    await expect.poll(() => weightsOf(core)['api-3']).toBe(19);
    await page.clock.runFor(5000);
    expect(core.state.revisions.length).toBe(before + 1);
    expect(await focusedLabel(page)).toBe('Weight of api-3');
    await page.getByText('Weight of api-3').last().waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => weightsOf(core)['api-3']).toBe(15);
  });

  it.each([
    ['Enter', [{ pool: 'api', backend: 'api-3', weight: 14 }], 'Weight of api-3'],
    ['Control+z', [], 'Weight of api-3'],
    ['Escape', [], 'api-3'],
  ] as const)('ends the key presses on its slider with %s', async (key, saved, focused) => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await row(page, 'api-3').getByRole('slider', { name: 'Weight of api-3' }).focus();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 3_600_000);
    await page.keyboard.press('ArrowLeft');
    await page.getByText('api-3 14 · applied in a moment').waitFor();
    await page.keyboard.press(key);
    await page.getByText('applied in a moment').waitFor({ state: 'detached' });
    await expect.poll(() => commandsOf(core, 'backends.setWeight')).toEqual(saved);
    await page.clock.runFor(5000);
    expect(commandsOf(core, 'backends.setWeight')).toEqual(saved);
    expect(commandsOf(core, 'revisions.rollback')).toEqual([]);
    expect(await focusedLabel(page)).toBe(focused);
  });

  it('saves the weight once when its slider is let go, even outside of it', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    const slider = row(page, 'api-3').getByRole('slider', { name: 'Weight of api-3' });
    const box = await slider.boundingBox();
    if (box === null) throw new Error('the slider is not shown');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.2, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, y, { steps: 4 });
    await page.getByText('release to apply').waitFor();
    expect(commandsOf(core, 'backends.setWeight')).toEqual([]);
    await page.mouse.move(box.x + box.width / 2, y + 90);
    await page.mouse.up();
    await expect.poll(() => weightsOf(core)['api-3']).toBeGreaterThan(40);
    expect(commandsOf(core, 'backends.setWeight')).toHaveLength(1);
  });

  it('keeps the old one by Esc while its slider is held, however it is dragged on', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    const slider = row(page, 'api-3').getByRole('slider', { name: 'Weight of api-3' });
    const box = await slider.boundingBox();
    if (box === null) throw new Error('the slider is not shown');
    const y = box.y + box.height / 2;
    await page.clock.install();
    await page.mouse.move(box.x + box.width * 0.2, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, y, { steps: 4 });
    await page.getByText('release to apply').waitFor();
    await page.keyboard.press('Escape');
    await page.mouse.move(box.x + box.width * 0.8, y, { steps: 4 });
    await page.mouse.up();
    await page.clock.runFor(5000);
    expect(commandsOf(core, 'backends.setWeight')).toEqual([]);
    expect(await row(page, 'api-3').getByRole('textbox').inputValue()).toBe('15');
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect.poll(() => weightsOf(core)['api-3']).toBe(16);
  });

  it.each([
    ['its slider', 'Weight of api-3'],
    ['a border of the split', 'Split between api-2 and api-3'],
  ])('leaves alone what another client changed while key presses on %s were gathered', async (_, label) => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await page.getByRole('slider', { name: label, exact: true }).focus();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 3_600_000);
    await page.keyboard.press('ArrowRight');
    await page.getByText('applied in a moment').waitFor();
    await core.service.handlers['backends.setWeight'](
      { pool: 'api', backend: 'api-1', weight: 77 },
      { author: 'cli' },
    );
    core.tick();
    await page.getByText('r43 applied').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => weightsOf(core)['api-3']).not.toBe(15);
    expect(weightsOf(core)['api-1']).toBe(77);
  });

  it('asks nothing for a backend that another client removed while key presses were gathered', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await row(page, 'api-3').getByRole('slider', { name: 'Weight of api-3' }).focus();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 3_600_000);
    await page.keyboard.press('ArrowRight');
    await page.getByText('applied in a moment').waitFor();
    await core.service.handlers['backends.remove']({ pool: 'api', backend: 'api-3' }, { author: 'cli' });
    core.tick();
    await row(page, 'api-3').waitFor({ state: 'detached' });
    await page.getByText('applied in a moment').waitFor({ state: 'detached' });
    expect(commandsOf(core, 'backends.setWeight')).toEqual([]);
  });

  it('keeps a refused weight open on Enter and says what is accepted', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await row(page, 'api-2').waitFor();
    await page.keyboard.press('2');
    await page.keyboard.press('w');
    const alert = row(page, 'api-2').getByRole('alert');
    for (const wrong of ['1001', '-1', 'abc', '1.5']) {
      await page.keyboard.type(wrong);
      await page.keyboard.press('Enter');
      await alert.getByText('whole number from 0 to 1000').waitFor();
      expect(await row(page, 'api-2').getByRole('textbox').inputValue()).toBe(wrong);
    }
    await page.keyboard.type('7');
    await alert.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await expect.poll(() => weightsOf(core)['api-2']).toBe(7);
    expect(commandsOf(core, 'backends.setWeight')).toHaveLength(1);
  });

  it('says that round robin ignores the weight, and offers to split by it', async () => {
    await using window = await openBoard(suite, { scene: sceneWith({ name: 'api', policy: 'round-robin' }) });
    const { page, core } = window;
    await row(page, 'api-2').waitFor();
    await page.keyboard.press('2');
    await page.keyboard.press('w');
    await page.keyboard.type('7');
    await page.keyboard.press('Enter');
    await page.getByText('Round robin ignores weights: the split stays').waitFor();
    await page.getByRole('listitem').getByRole('button', { name: 'Split by weight' }).click();
    await expect
      .poll(() => core.state.config.pools.find(({ name }) => name === 'api')?.policy)
      .toBe('weighted-round-robin');
  });
});

describe('the weight of the selected backends', () => {
  it.each(['Enter', 'the button'])('set by %s leaves the keys to the board', async (way) => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await row(page, 'api-2').waitFor();
    const before = weightsOf(core);
    await page.keyboard.press('2');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('w');
    await page.keyboard.type('0');
    if (way === 'Enter') await page.keyboard.press('Enter');
    else await page.getByRole('button', { name: 'Set weight' }).click();
    await expect.poll(() => weightsOf(core)['api-2']).toBe(0);
    expect(await focusedRow(page)).toBe('api-2');
    await page.keyboard.press('Control+z');
    await expect.poll(() => weightsOf(core)).toEqual(before);
    await page.getByText('5 selected').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('5 selected').waitFor({ state: 'detached' });
  });

  it('says which are accepted, and Esc empties the box, then ends the selection', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await row(page, 'api-2').waitFor();
    await page.keyboard.press('2');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('w');
    await page.keyboard.type('5000');
    const said = page.getByRole('toolbar').getByRole('alert');
    await said.getByText('Use a whole number from 0 to 1000').waitFor();
    await page.keyboard.press('Enter');
    expect(await focusedLabel(page)).toBe('Weight for the selected backends');
    await page.keyboard.press('Escape');
    await said.waitFor({ state: 'detached' });
    await page.getByText('5 selected').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('5 selected').waitFor({ state: 'detached' });
    expect(await focusedRow(page)).toBe('api-2');
    expect(commandsOf(core, 'config.apply')).toEqual([]);
  });
});
