// The pool board, built and in Chromium, on a fake core:
// - it shows what Status says, and acts go through the core: each one undoable, weights as one revision
// - borders of the split and weights are moved by pointer and by keyboard; Esc takes a try back
// - rows, filter, sorting and bulk acts work without a mouse; help lists the keys
// - a long pool keeps few rows in the document; the smallest window clips nothing; axe finds nothing
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FakeCore } from '../../support/fake-core.ts';
import { boardScene, type Scene } from '../../support/fake-scene.ts';
import {
  axeFindings,
  type RendererSuite,
  startRendererSuite,
  type WindowOptions,
} from '../../support/renderer-window.ts';

let suite: RendererSuite;
beforeAll(async () => {
  suite = await startRendererSuite();
});
afterAll(() => suite[Symbol.asyncDispose]());

async function openBoard(options: WindowOptions = {}) {
  const window = await suite.open({ hash: '#/pools/api', ...options });
  await window.page.getByRole('heading', { level: 1, name: 'api' }).waitFor();
  return window;
}

const row = (page: Page, name: string) => page.locator(`[data-row="${name}"]`);
const rowNames = (page: Page) =>
  page.evaluate('[...document.querySelectorAll("[data-row]")].map((row) => row.dataset.row)');
const focusedRow = (page: Page) => page.evaluate('document.activeElement.dataset.row ?? null');
const focusedLabel = (page: Page) => page.evaluate('document.activeElement.getAttribute("aria-label")');
const handle = (page: Page, left: string, right: string) =>
  page.getByRole('slider', { name: `Split between ${left} and ${right}` });

function weightsOf(core: FakeCore): Record<string, number> {
  const pool = core.state.config.pools.find(({ name }) => name === 'api');
  return Object.fromEntries((pool?.backends ?? []).map(({ name, weight }) => [name, weight]));
}
const adminOf = (core: FakeCore, backend: string) => core.state.intents.get(`api/${backend}`)?.state;
const commandsOf = (core: FakeCore, operation: string) =>
  core.calls.filter((call) => call.operation === operation).map(({ input }) => input);

function sceneWith(backends: Scene['config']['pools'] extends (infer P)[] | undefined ? P : never) {
  return (now: number): Scene => {
    const scene = boardScene(now);
    const pools = (scene.config.pools ?? []).map((pool) =>
      pool.name === 'api' ? { ...pool, ...backends } : pool,
    );
    return { ...scene, config: { ...scene.config, pools } };
  };
}

describe('what the board shows', () => {
  it('says where the pool answers, how it balances and how many serve', async () => {
    await using window = await openBoard();
    const { page, errors } = window;
    await page.getByRole('button', { name: 'http://localhost:8080/api' }).waitFor();
    const main = page.getByRole('main');
    expect(await main.getByText('weighted round robin', { exact: true }).count()).toBe(1);
    expect(await main.getByText('3 of 5 serving').count()).toBe(1);
    expect(await main.getByText(/41.320 requests/).count()).toBe(1);
    expect(errors).toEqual([]);
  });

  it('gives every backend a row with its state in words', async () => {
    await using window = await openBoard();
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
    await using window = await openBoard();
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
    await using window = await openBoard();
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

  it('changes nothing when Esc ends the drag', async () => {
    await using window = await openBoard();
    const { page, core } = window;
    const border = handle(page, 'api-2', 'api-3');
    await border.focus();
    await page.keyboard.down('ArrowLeft');
    await page.getByText('release to apply').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.up('ArrowLeft');
    await page.getByText('release to apply').waitFor({ state: 'detached' });
    expect(weightsOf(core)).toMatchObject({ 'api-2': 45, 'api-3': 15 });
    expect(commandsOf(core, 'config.apply')).toEqual([]);
  });

  it('moves by 5 % with Shift and the arrow keys and keeps the focus', async () => {
    await using window = await openBoard();
    const { page, core } = window;
    const border = handle(page, 'api-1', 'api-2');
    expect(await border.getAttribute('aria-valuetext')).toBe('api-1 60 %, api-2 30 %');
    await border.focus();
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => weightsOf(core)['api-1']).toBe(98);
    await expect.poll(() => border.getAttribute('aria-valuenow')).toBe('65.3');
    expect(await focusedLabel(page)).toBe('Split between api-1 and api-2');
  });

  it('offers to split by weight where the policy ignores weights', async () => {
    await using window = await openBoard({ scene: sceneWith({ name: 'api', policy: 'round-robin' }) });
    const { page, core } = window;
    await page.getByRole('button', { name: 'Split by weight' }).waitFor();
    expect(await handle(page, 'api-1', 'api-2').count()).toBe(0);
    await page.getByRole('button', { name: 'Split by weight' }).click();
    await handle(page, 'api-1', 'api-2').waitFor();
    expect(core.state.config.pools[0]?.policy).toBe('weighted-round-robin');
  });
});

describe('one backend', () => {
  it('gets a new weight by w and Enter, and keeps the old one by Esc', async () => {
    await using window = await openBoard();
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

  it('is moved by the keys of its slider', async () => {
    await using window = await openBoard();
    const { page, core } = window;
    const slider = row(page, 'api-3').getByRole('slider', { name: 'Weight of api-3' });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => weightsOf(core)['api-3']).toBe(16);
    expect(await focusedLabel(page)).toBe('Weight of api-3');
  });

  it('saves the weight once when its slider is let go, even outside of it', async () => {
    await using window = await openBoard();
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

  it('is drained by Space, disabled by Shift D, and Ctrl Z takes each back', async () => {
    await using window = await openBoard();
    const { page, core } = window;
    await row(page, 'api-1').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('Space');
    await expect.poll(() => adminOf(core, 'api-1')).toBe('draining');
    await page.keyboard.press('Shift+D');
    await expect.poll(() => adminOf(core, 'api-1')).toBe('disabled');
    await row(page, 'api-1').getByText('Disabled', { exact: true }).waitFor();
    await page.getByText('Disabled api-1').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => adminOf(core, 'api-1')).toBe('draining');
    await page.getByText('Undone: Disabled api-1').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => adminOf(core, 'api-1')).toBe('enabled');
  });

  it('tells how a drain goes on, from its start to the end', async () => {
    await using window = await openBoard();
    const { page, core } = window;
    const busy = (inFlight: number) =>
      core.script('api', 'api-1', { health: [{ agoMs: 8_040_000, health: 'up' }], inFlight, tunnels: 2 });
    busy(21);
    await row(page, 'api-1').getByText('21', { exact: true }).waitFor();
    await row(page, 'api-1').getByRole('switch').click();
    const panel = page.getByRole('region', { name: 'Drain of api-1' });
    await panel.getByText('21 of 21').waitFor();
    busy(3);
    await panel.getByText('3 of 21').waitFor();
    await panel.getByText('1 HTTP request · 2 tunnels').waitFor();
    await panel.getByText('New requests go to api-2, api-3').waitFor();
    busy(0);
    await panel.getByText('Nothing left').waitFor();
    await panel.getByRole('button', { name: 'Enable again' }).click();
    await expect.poll(() => adminOf(core, 'api-1')).toBe('enabled');
    await panel.waitFor({ state: 'detached' });
  });

  it('does not claim to know the start of a drain that began before', async () => {
    await using window = await openBoard();
    const panel = window.page.getByRole('region', { name: 'Drain of api-4' });
    await panel.waitFor();
    expect(await panel.getByText(/ of \d/).count()).toBe(0);
  });

  it('shows its single checks on Enter and gives the focus back', async () => {
    await using window = await openBoard();
    const { page } = window;
    await row(page, 'api-3').waitFor();
    await page.keyboard.press('3');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Checks of api-3' });
    await dialog.getByText('L7 503').first().waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => focusedRow(page)).toBe('api-3');
  });

  it('has its acts in a menu, by mouse and by keyboard', async () => {
    await using window = await openBoard();
    const { page, core } = window;
    await row(page, 'api-2').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await expect.poll(() => adminOf(core, 'api-2')).toBe('disabled');
    await page.getByRole('button', { name: 'Actions for api-2' }).click();
    await page.getByRole('menuitem', { name: 'Enable' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => adminOf(core, 'api-2')).not.toBe('disabled');
  });

  it('asks before it is removed and opens its form on e', async () => {
    await using window = await openBoard();
    const { page } = window;
    await row(page, 'api-5').waitFor();
    await page.keyboard.press('5');
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.keyboard.press('5');
    await page.keyboard.press('e');
    await page.getByRole('dialog').waitFor();
  });
});

describe('the table', () => {
  it('moves by arrows and letters and stops at both ends', async () => {
    await using window = await openBoard();
    const { page } = window;
    await row(page, 'api-1').waitFor();
    await page.keyboard.press('1');
    for (const [key, at] of [
      ['ArrowDown', 'api-2'],
      ['j', 'api-3'],
      ['k', 'api-2'],
      ['End', 'api-5'],
      ['ArrowDown', 'api-5'],
      ['Home', 'api-1'],
    ] as const) {
      await page.keyboard.press(key);
      expect(await focusedRow(page), key).toBe(at);
    }
  });

  it('filters by text and by problems', async () => {
    await using window = await openBoard();
    const { page } = window;
    await row(page, 'api-1').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('3004');
    await expect.poll(() => rowNames(page)).toEqual(['api-4']);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Problems/ }).click();
    await expect.poll(() => rowNames(page)).toEqual(['api-3', 'api-5']);
  });

  it('sorts by a heading and returns to the order of the config', async () => {
    await using window = await openBoard();
    const { page } = window;
    const heading = page.getByRole('columnheader', { name: 'State' });
    const press = () => heading.getByRole('button').click();
    await press();
    await expect.poll(() => rowNames(page)).toEqual(['api-5', 'api-3', 'api-4', 'api-1', 'api-2']);
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    await press();
    await press();
    await expect.poll(() => rowNames(page)).toEqual(['api-1', 'api-2', 'api-3', 'api-4', 'api-5']);
    expect(await heading.getAttribute('aria-sort')).toBeNull();
  });

  it('acts on a range as one act with one undo', async () => {
    await using window = await openBoard();
    const { page, core } = window;
    await row(page, 'api-1').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected').waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Drain' }).click();
    await expect
      .poll(() => [adminOf(core, 'api-1'), adminOf(core, 'api-2')])
      .toEqual(['draining', 'draining']);
    await page.keyboard.press('Control+z');
    await expect.poll(() => [adminOf(core, 'api-1'), adminOf(core, 'api-2')]).toEqual(['enabled', 'enabled']);

    const before = core.state.revisions.length;
    await page.getByRole('textbox', { name: 'Weight for the selected backends' }).fill('25');
    await page.getByRole('button', { name: 'Set weight' }).click();
    await expect.poll(() => weightsOf(core)).toMatchObject({ 'api-1': 25, 'api-2': 25, 'api-3': 15 });
    expect(core.state.revisions.length).toBe(before + 1);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('2 selected').waitFor({ state: 'detached' });
  });

  it('selects everything shown by Ctrl A, and a range by Shift and the mouse', async () => {
    await using window = await openBoard();
    const { page } = window;
    await row(page, 'api-2').click();
    await row(page, 'api-4').click({ modifiers: ['Shift'] });
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('Control+a');
    await page.getByText('5 selected').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('5 backends').waitFor();
  });

  it('keeps only the rows in view in the document of a long pool, and reaches the last by End', async () => {
    const backends = Array.from({ length: 90 }, (_, i) => ({
      name: `api-${i + 1}`,
      address: `127.0.0.1:${4000 + i}`,
    }));
    await using window = await openBoard({ scene: sceneWith({ name: 'api', backends }) });
    const { page } = window;
    await row(page, 'api-1').waitFor();
    await page.keyboard.press('1');
    expect(await page.locator('[data-row]').count()).toBeLessThan(30);
    await page.keyboard.press('End');
    await expect.poll(() => focusedRow(page)).toBe('api-90');
    expect(await row(page, 'api-90').getAttribute('aria-rowindex')).toBe('91');
    await page.keyboard.press('k');
    await expect.poll(() => focusedRow(page)).toBe('api-89');
  });

  it('lists its keys in the help sheet', async () => {
    await using window = await openBoard();
    await row(window.page, 'api-1').waitFor();
    await window.page.keyboard.press('1');
    await window.page.keyboard.press('?');
    const sheet = window.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    for (const text of [
      'Enable, or drain',
      'Change the weight',
      'Go to backend 1 to 9',
      'Select all shown',
    ]) {
      await sheet.getByText(text).waitFor();
    }
  });
});

describe('an empty pool', () => {
  it('invites to add a backend or to start the demo', async () => {
    await using window = await openBoard({ scene: sceneWith({ name: 'api', backends: [] }) });
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
      await using window = await openBoard({ colorScheme });
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
    await using window = await openBoard({ viewport: { width, height } });
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
