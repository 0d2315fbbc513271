// The overview, listeners, revisions, settings and first run in the built window against a fake core:
// - problems come first and say the way out;
// - any revision can be made current again, a config taken out and brought in;
// - a Sluice with nothing in it is three steps from traffic.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/electron/chromium.ts';
import { type BuiltRenderer, buildRenderer } from '../../support/renderer-host.ts';
import { openScriptedWindow, type WindowOptions } from '../../support/scripted-window.ts';

let built: BuiltRenderer;
let browser: Browser;
beforeAll(async () => {
  [built, browser] = await Promise.all([buildRenderer(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await built?.[Symbol.asyncDispose]();
});

const open = (at: string, options: Omit<WindowOptions, 'at'> = {}) =>
  openScriptedWindow(browser, built, { at, ...options });

/** Boxes of the page whose content is wider than they are; a string, for it runs in the page. */
const CUT_OFF = `[...document.querySelectorAll('main, main section, main table')]
  .filter((box) => box.scrollWidth > box.clientWidth)
  .map((box) => (box.getAttribute('aria-label') ?? box.tagName) + ' ' + box.scrollWidth + ' > ' + box.clientWidth)`;

describe('the overview', () => {
  it('puts the pool in trouble first, with the backends to look at and their cause', async () => {
    await using window = await open('/');
    const rows = window.page.getByRole('main').getByRole('row');
    await rows.nth(1).getByText('api-3 failing ↓ 2 of 3').waitFor();
    expect(await rows.nth(1).textContent()).toContain('3 of 5 up');
    await rows.nth(1).getByRole('link', { name: 'api' }).click();
    await window.page.getByRole('heading', { level: 1, name: 'api' }).waitFor();
  });

  it('says which port is taken and opens the form that changes it', async () => {
    await using window = await open('/');
    window.core.setListener('store', { state: 'failed', error: 'port 8090 is in use' });
    const { page } = window;
    await page.getByText('does not accept connections: port 8090 is in use').waitFor();
    await page.getByText('choose another port').waitFor();
    await page.getByRole('button', { name: 'Change port…' }).click();
    await page.getByRole('dialog', { name: 'Edit listener store' }).waitFor();
  });
});

describe('the revisions', () => {
  it('rolls back after saying what that takes back, and undoes it', async () => {
    await using window = await open('/revisions');
    const { page, core } = window;
    await page.getByRole('button', { name: 'Roll back to r40' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Roll back to r40?' });
    await dialog.getByText('backend api/api-5 added at 127.0.0.1:3005').waitFor();
    expect(await window.violations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Roll back to r40' }).click();
    await page.getByRole('row', { name: /^r43 current/ }).waitFor();
    await page.getByText('Rolled back to r40').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('row', { name: /^r44 current/ }).waitFor();
    expect(window.inputs('revisions.rollback')).toEqual([{ revision: 40 }, { revision: 42 }]);
    expect(core.state.appliedRevision).toBe(44);
  });

  it('tells what is saved from what runs while the engine has not confirmed', async () => {
    await using window = await open('/revisions');
    window.core.hangEngine(true);
    await window.core.service.handlers['revisions.rollback']({ revision: 41 }, { author: 'cli' });
    await window.page.getByRole('row', { name: /^r43 applying/ }).waitFor();
    await window.page.getByRole('row', { name: /^r42 running/ }).waitFor();
  });

  it('shows the config as text', async () => {
    await using window = await open('/revisions');
    await window.page.getByRole('button', { name: 'Export…' }).click();
    const text = window.page.getByRole('dialog').getByLabel('Config');
    await expect.poll(() => text.inputValue()).toContain('"name": "api-1"');
    expect(await window.violations()).toEqual([]);
  });
});

describe('importing a config', () => {
  it('names the line that is not JSON, lists every issue with its path, then replaces the config', async () => {
    await using window = await open('/revisions');
    const { page, core } = window;
    await page.getByRole('button', { name: 'Import…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import a config' });
    const text = dialog.getByLabel('Config', { exact: true });
    const replace = dialog.getByRole('button', { name: 'Replace config' });
    await text.fill('{\n  "version": 1,\n}');
    await dialog.getByText('Not JSON at line 3').waitFor();
    await text.fill(
      '{ "version": 1, "pools": [{ "name": "a b" }, { "name": "x", "backends": [{ "name": "q" }] }] }',
    );
    await dialog.getByText('2 problems').waitFor();
    await dialog.getByText('pools.1.backends.0.address').waitFor();
    expect(await window.violations()).toEqual([]);
    expect(await replace.isDisabled()).toBe(true);
    await text.fill('{ "version": 1, "pools": [{ "name": "x" }] }');
    await dialog.getByText('0 listeners, 1 pool, 0 backends').waitFor();
    await replace.click();
    await dialog.waitFor({ state: 'detached' });
    expect(window.inputs('config.apply')).toMatchObject([
      { baseRevision: 42, note: 'imported from pasted config' },
    ]);
    expect(core.state.config.pools.map(({ name }) => name)).toEqual(['x']);
  });

  it('reads a file', async () => {
    await using window = await open('/revisions');
    await window.page.getByRole('button', { name: 'Import…' }).click();
    const dialog = window.page.getByRole('dialog', { name: 'Import a config' });
    await dialog.locator('input[type=file]').setInputFiles({
      name: 'sluice.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{ "version": 1 }'),
    });
    await dialog.getByText('0 listeners, 0 pools, 0 backends').waitFor();
    await dialog.getByRole('button', { name: 'Replace config' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(window.inputs('config.apply')).toMatchObject([{ note: 'imported from sluice.json' }]);
  });
});

describe('the settings', () => {
  it('changes the theme from the keyboard when the core has saved it', async () => {
    await using window = await open('/settings');
    const { page, core } = window;
    await page.getByRole('radio', { name: 'System' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator(':root[data-theme=dark]').waitFor();
    await page.getByText('Theme set to dark').waitFor();
    expect(core.state.settings.theme).toBe('dark');
    await page.keyboard.press('Control+z');
    await page.locator(':root:not([data-theme])').waitFor();
  });
});

describe('the first run', () => {
  it('splits two dev servers in one revision and opens their board', async () => {
    await using window = await open('/', { scene: 'empty' });
    const { page, core } = window;
    await page.keyboard.press('s');
    await page.keyboard.type('3000');
    await page.getByLabel('Second server').fill('http://localhost:3000/');
    await page.getByLabel('First server').fill('localhost:3000');
    await page.keyboard.press('Enter');
    await page.getByText('is the same server as the first').waitFor();
    await page.getByLabel('Second server').fill('3001');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'app' }).waitFor();
    expect(window.inputs('config.apply')).toHaveLength(1);
    expect(core.state.config.pools[0]?.backends.map(({ address }) => address)).toEqual([
      'localhost:3000',
      '127.0.0.1:3001',
    ]);
    expect(core.state.config.listeners[0]?.port).toBe(8080);
  });

  it('starts the demo with one key and lands on its board', async () => {
    await using window = await open('/', { scene: 'empty' });
    await window.page.keyboard.press('d');
    await window.page.waitForURL(/#\/pools\//);
    await window.page.getByRole('heading', { level: 1, name: 'demo' }).waitFor();
    expect(window.inputs('demo.start')).toEqual([{}]);
  });
});

describe.each(['dark', 'light'] as const)('in %s', (colorScheme) => {
  it.each([
    ['the overview', '/', 'board'],
    ['the listeners', '/listeners', 'board'],
    ['the revisions', '/revisions', 'board'],
    ['the settings', '/settings', 'board'],
    ['the first run', '/', 'empty'],
  ] as const)('axe finds nothing in %s, and nothing is cut off at 1024 × 700', async (_page, at, scene) => {
    await using window = await open(at, { colorScheme, scene, viewport: { width: 1024, height: 700 } });
    if (scene === 'board')
      window.core.setListener('store', { state: 'failed', error: 'port 8090 is in use' });
    await window.page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
    expect(await window.violations()).toEqual([]);
    expect(await window.page.evaluate<string[]>(CUT_OFF)).toEqual([]);
  });
});
