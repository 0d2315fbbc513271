// The pool board, built and in Chromium, on a fake core:
// - it shows what Status says: where the pool answers, states in words, the split and its truth
// - borders of the split move by pointer and by keyboard, save one revision and can be taken back
// - an empty pool invites; the smallest window clips nothing; axe finds nothing, dark and light
import { describe, expect, it } from 'vitest';
import {
  commandsOf,
  focusedLabel,
  handle,
  openBoard,
  row,
  rowNames,
  sceneWith,
  weightsOf,
} from '../../support/pool-board.ts';
import { axeFindings, rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

describe('what the board shows', () => {
  it('says where the pool answers, how it balances and how many serve', async () => {
    await using window = await openBoard(suite);
    const { page, errors } = window;
    await page.getByRole('button', { name: 'http://localhost:8080/api' }).waitFor();
    const main = page.getByRole('main');
    expect(await main.getByText('weighted round robin', { exact: true }).count()).toBe(1);
    expect(await main.getByText('3 of 5 serving').count()).toBe(1);
    expect(await main.getByText(/41.320 requests/).count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it('says which listener should lead here and failed, and opens the form that changes it', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    core.setListener('web', { state: 'failed', error: 'port 8080 is in use' });
    await page.getByText('does not accept connections: port 8080 is in use').waitFor();
    expect(await page.getByText('no listener routes here').count()).toBe(0);
    await page.getByRole('button', { name: 'Change port…' }).click();
    await page.getByRole('dialog', { name: 'Edit listener web' }).waitFor();
  });

  it('gives every backend a row with its state in words', async () => {
    await using window = await openBoard(suite);
    const { page } = window;
    await row(page, 'api-5').waitFor();
    expect(await rowNames(page)).toEqual(['api-1', 'api-2', 'api-3', 'api-4', 'api-5']);
    for (const [name, words] of [
      ['api-1', 'Up 2h 14m'],
      ['api-3', 'Failing ↓ 2 of 3'],
      ['api-4', 'Draining · 3 left'],
      ['api-5', 'not listening'],
    ] as const) {
      expect(await row(page, name).getByText(words).count(), name).toBe(1);
    }
    await row(page, 'api-2')
      .getByRole('img', { name: /Last 60 min: .*min down/ })
      .waitFor();
  });

  it('follows the core: a backend that goes down leaves the split at once', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await handle(page, 'api-1', 'api-2').waitFor();
    core.script('api', 'api-2', { health: [{ agoMs: 0, health: 'down' }], cause: 'not listening' });
    await handle(page, 'api-1', 'api-3').waitFor();
    expect(await handle(page, 'api-1', 'api-2').count()).toBe(0);
    expect(await row(page, 'api-2').getByText('Down', { exact: false }).count()).toBeGreaterThan(0);
  });
});

describe('the split', () => {
  it('previews while a border is dragged and saves one revision on release', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    const before = core.state.revisions.length;
    const box = await handle(page, 'api-1', 'api-2').boundingBox();
    if (box === null) throw new Error('the handle is not shown');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width / 2, y);
    await page.mouse.down();
    await page.mouse.move(box.x - 150, y, { steps: 5 });
    await page.getByText('release to apply').waitFor();
    expect(core.state.revisions.length).toBe(before);
    await page.mouse.up();
    await expect.poll(() => core.state.revisions.length).toBe(before + 1);
    const weights = weightsOf(core);
    expect(weights['api-1']).toBeLessThan(80);
    expect((weights['api-1'] ?? 0) + (weights['api-2'] ?? 0)).toBe(135);
    expect(weights).toMatchObject({ 'api-3': 15, 'api-4': 30, 'api-5': 30 });

    await page.getByText('New split of api').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => weightsOf(core)).toMatchObject({ 'api-1': 90, 'api-2': 45 });
  });

  it('shows the shares that are tried in the rows too, whatever the weights were', async () => {
    const backends = [5, 3, 2].map((weight, i) => ({
      name: `api-${i + 1}`,
      address: `127.0.0.1:300${i + 1}`,
      weight,
    }));
    await using window = await openBoard(suite, { scene: sceneWith({ name: 'api', backends }) });
    const { page } = window;
    const box = await handle(page, 'api-1', 'api-2').boundingBox();
    if (box === null) throw new Error('the handle is not shown');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width / 2, y);
    await page.mouse.down();
    await page.mouse.move(box.x + 67, y, { steps: 5 });
    await page.getByText('release to apply').waitFor();
    const places = (await page.evaluate(
      `[...document.querySelectorAll('[data-row] input[type=range]')].map(({ value, max }) => value / max)`,
    )) as number[];
    expect(places[0]).toBeGreaterThan(0.5);
    expect(places[0]).toBeLessThan(0.65);
    expect(places[2]).toBeCloseTo(0.2);
    await page.mouse.up();
  });

  it('gathers presses of the arrow keys into one revision, and one undo takes them back', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    const border = handle(page, 'api-1', 'api-2');
    await border.focus();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 3_600_000);
    const before = core.state.revisions.length;
    for (const shown of ['61', '62', '63']) {
      await page.keyboard.press('ArrowRight');
      await page.clock.runFor(500);
      expect(Math.round(Number(await border.getAttribute('aria-valuenow')))).toBe(Number(shown));
    }
    await page.getByText('applied in a moment').waitFor();
    expect(core.state.revisions.length).toBe(before);
    await page.clock.runFor(700);
    await expect.poll(() => weightsOf(core)).toMatchObject({ 'api-1': 95, 'api-2': 40 });
    await page.clock.runFor(5000);
    expect(core.state.revisions.length).toBe(before + 1);
    await page.getByText('New split of api').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => weightsOf(core)).toMatchObject({ 'api-1': 90, 'api-2': 45 });
  });

  it.each(['Escape', 'Control+z'])('takes gathered presses back with %s and saves nothing', async (key) => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    const border = handle(page, 'api-2', 'api-3');
    await border.focus();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 3_600_000);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('applied in a moment').waitFor();
    await page.keyboard.press(key);
    await page.getByText('applied in a moment').waitFor({ state: 'detached' });
    await page.clock.runFor(5000);
    expect(weightsOf(core)).toMatchObject({ 'api-2': 45, 'api-3': 15 });
    expect(commandsOf(core, 'config.apply')).toEqual([]);
    expect(commandsOf(core, 'revisions.rollback')).toEqual([]);
  });

  it('saves gathered presses when the board is left before their time', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await handle(page, 'api-1', 'api-2').focus();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 3_600_000);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await expect.poll(() => weightsOf(core)).toMatchObject({ 'api-1': 98, 'api-2': 37 });
    expect(commandsOf(core, 'config.apply').length).toBe(1);
  });

  it('leaves all weights but the two beside the border alone, in a pool of small ones too', async () => {
    const backends = ['a', 'b', 'c'].map((name, i) => ({
      name,
      address: `127.0.0.1:300${i + 1}`,
      weight: [5, 3, 2][i],
    }));
    await using window = await openBoard(suite, { scene: sceneWith({ name: 'api', backends }) });
    const { page, core } = window;
    await handle(page, 'a', 'b').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('a 55 · b 25 · c 20').waitFor();
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('a 6 · b 2 ·').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => weightsOf(core)).toEqual({ a: 6, b: 2, c: 2 });
    const [newest] = core.state.revisions;
    expect(newest?.summary.changes).toEqual(['weight of api/a: 5 → 6', 'weight of api/b: 3 → 2']);
  });

  it('changes nothing when Esc ends the drag', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    const box = await handle(page, 'api-2', 'api-3').boundingBox();
    if (box === null) throw new Error('the handle is not shown');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x - 60, box.y + box.height / 2);
    await page.getByText('release to apply').waitFor();
    await handle(page, 'api-2', 'api-3').focus();
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await page.getByText('release to apply').waitFor({ state: 'detached' });
    expect(weightsOf(core)).toMatchObject({ 'api-2': 45, 'api-3': 15 });
    expect(commandsOf(core, 'config.apply')).toEqual([]);
  });

  it.each(['Enter', 'Tab'])('saves gathered presses at once with %s', async (key) => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    const border = handle(page, 'api-1', 'api-2');
    expect(await border.getAttribute('aria-valuetext')).toBe('api-1 60 %, api-2 30 %');
    await border.focus();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 3_600_000);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press(key);
    await expect.poll(() => weightsOf(core)['api-1']).toBe(98);
    await expect.poll(() => border.getAttribute('aria-valuenow')).toBe('65.3');
    const focused = key === 'Enter' ? 'Split between api-1 and api-2' : 'Split between api-2 and api-3';
    expect(await focusedLabel(page)).toBe(focused);
    await page.clock.runFor(5000);
    expect(commandsOf(core, 'config.apply').length).toBe(1);
  });

  it('saves in turn: while one save is under way the next waits, and the newest wins', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    const before = core.state.revisions.length;
    const apply = core.service.handlers['config.apply'];
    const held: (() => void)[] = [];
    core.service.handlers['config.apply'] = async (input, caller) => {
      await new Promise<void>((resolve) => held.push(resolve));
      return apply(input, caller);
    };
    await handle(page, 'api-1', 'api-2').focus();
    for (const key of ['Shift+ArrowRight', 'ArrowLeft', 'Shift+ArrowLeft']) {
      await page.keyboard.press(key);
      await page.keyboard.press('Enter');
    }
    await expect.poll(() => held.length).toBe(1);
    held[0]?.();
    await expect.poll(() => held.length).toBe(2);
    expect(core.state.revisions.length).toBe(before + 1);
    expect(weightsOf(core)).toMatchObject({ 'api-1': 98, 'api-2': 37 });
    held[1]?.();
    await expect.poll(() => core.state.revisions.length).toBe(before + 2);
    // The last press leads back to the weights there were: a change all the same after the first save.
    expect(weightsOf(core)).toMatchObject({ 'api-1': 90, 'api-2': 45 });
    expect(held.length).toBe(2);
  });

  it('offers to split by weight where the policy ignores weights', async () => {
    await using window = await openBoard(suite, { scene: sceneWith({ name: 'api', policy: 'round-robin' }) });
    const { page, core } = window;
    await page.getByRole('button', { name: 'Split by weight' }).waitFor();
    expect(await handle(page, 'api-1', 'api-2').count()).toBe(0);
    await page.getByRole('button', { name: 'Split by weight' }).click();
    await handle(page, 'api-1', 'api-2').waitFor();
    expect(core.state.config.pools[0]?.policy).toBe('weighted-round-robin');
  });
});

describe('an empty pool', () => {
  it('invites to add a backend or to start the demo', async () => {
    await using window = await openBoard(suite, { scene: sceneWith({ name: 'api', backends: [] }) });
    const { page } = window;
    await page.getByText('api has no backends yet').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('a');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Start the demo' }).click();
    await expect.poll(() => commandsOf(window.core, 'demo.start').length).toBe(1);
  });
});

describe('every size and theme', () => {
  for (const colorScheme of ['dark', 'light'] as const) {
    it(`gives axe nothing to find in ${colorScheme}, with and without a selection`, async () => {
      await using window = await openBoard(suite, { colorScheme });
      const { page } = window;
      await row(page, 'api-2')
        .getByRole('img', { name: /Last 60 min/ })
        .waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('1');
      await page.keyboard.press('x');
      await page.getByText('1 selected').waitFor();
      expect(await axeFindings(page)).toEqual([]);
    });
  }

  it.each([
    [1440, 900],
    [1024, 700],
  ])('clips nothing at %d × %d', async (width, height) => {
    await using window = await openBoard(suite, { viewport: { width, height } });
    const { page } = window;
    await row(page, 'api-1').getByRole('switch').waitFor();
    const overflow = await page.evaluate(
      `['main', '[role=grid]'].map((selector) => {
        const element = document.querySelector(selector);
        const box = selector === 'main' ? element : element.parentElement;
        return box.scrollWidth - box.clientWidth;
      })`,
    );
    expect(overflow).toEqual([0, 0]);
    const add = await page.getByRole('button', { name: 'Add backend' }).boundingBox();
    expect((add?.x ?? 0) + (add?.width ?? 0)).toBeLessThanOrEqual(width);
  });
});
