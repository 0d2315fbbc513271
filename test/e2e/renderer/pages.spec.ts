// The overview, listeners, revisions, settings, local authority and first run in the built window against a
// fake core:
// - problems come first and say the way out;
// - any revision can be made current again, a config taken out and brought in;
// - a Sluice with nothing in it is three steps from traffic.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { TIMERS_COME_LATE, windowSuite } from '../../support/window-suite.ts';

const open = windowSuite();

/** Boxes of the page whose content is wider than they are; a string, for it runs in the page. */
const CUT_OFF = `[...document.querySelectorAll('main, main section, main table')]
  .filter((box) => box.scrollWidth > box.clientWidth)
  .map((box) => (box.getAttribute('aria-label') ?? box.tagName) + ' ' + box.scrollWidth + ' > ' + box.clientWidth)`;

describe('the overview', () => {
  it('puts the pool in trouble first, with the backends to look at and their cause', async () => {
    await using window = await open('/');
    const rows = window.page.getByRole('main').getByRole('row');
    await rows.nth(1).getByText('api-3 failing ↓ 2 of 3').waitFor();
    expect(await rows.nth(1).textContent()).toContain('3 of 5');
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

describe('the listeners', () => {
  it('show their scheme, and of each certificate the hosts, the end and what is wrong', async () => {
    await using window = await open('/listeners');
    const { page } = window;
    const admin = page.getByRole('rowgroup', { name: 'Listener admin' });
    await admin.getByText('localhost, admin.localhost').waitFor();
    await admin.getByText('expires in 824 days').waitFor();
    const link = admin.getByRole('link', { name: /^https:\/\/localhost:8081/ });
    expect(await link.getAttribute('href')).toBe('https://localhost:8081/');
    expect(await link.getAttribute('title')).toBe('Bound to 127.0.0.1:8081');
    const store = page.getByRole('rowgroup', { name: 'Listener store' });
    await store.getByText(/expires on .*; renew it/).waitFor();
    await store.getByText('no certificate is for localhost').waitFor();
    expect(await admin.getByText('no certificate is for').count()).toBe(0);
    const web = page.getByRole('rowgroup', { name: 'Listener web' });
    const plain = web.getByRole('link', { name: /^http:\/\/localhost:8080/ });
    expect(await plain.getAttribute('title')).toBe('Bound to 127.0.0.1:8080');
    const drawnApart = 'getComputedStyle(document.querySelector("main .font-mono")).fontFeatureSettings';
    expect(await page.evaluate(drawnApart)).toContain('"calt" 0');
    expect(await web.getByText('Certificate').count()).toBe(0);
  });

  it('say which file of a certificate cannot be used, and lead to the form that names it', async () => {
    await using window = await open('/listeners');
    const { page, core } = window;
    const fault = 'certFile: /etc/tls/store.pem does not exist';
    core.state.certificates.problems.set('store/example', { daysLeft: null, problem: fault });
    core.setListener('store', {
      state: 'failed',
      error: `certificate "example" of listener "store": ${fault}`,
    });
    const store = page.getByRole('rowgroup', { name: 'Listener store' });
    await store.getByText('cannot be used').waitFor();
    // Once: as the reason why the listener accepts nothing.
    expect(await store.getByText(fault).count()).toBe(1);
    await store.getByText('Sluice reads it again as soon as it changes').waitFor();
    await store.getByRole('button', { name: 'Edit listener…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit listener store' });
    expect(await dialog.getByLabel('Certificate file').inputValue()).toContain('fullchain.pem');
  });

  it('say how many connections they refused, and at which limit', async () => {
    await using window = await open('/listeners');
    const { page, core } = window;
    const web = page.getByRole('rowgroup', { name: 'Listener web' });
    await web.getByRole('link', { name: /^http:\/\/localhost:8080/ }).waitFor();
    expect(await web.getByText('refused').count()).toBe(0);
    core.setListener('web', { state: 'listening', connectionsRefused: 1437 });
    const refused = web.getByText('1\u202f437 refused');
    await refused.waitFor();
    expect(await window.violations()).toEqual([]);
    await refused.hover();
    await page
      .getByRole('tooltip', { name: 'Refused: more than the limit of 20\u202f000 connections at a time' })
      .waitFor();
  });

  it('show what comes by the old port while the new one cannot be had', async () => {
    await using window = await open('/listeners');
    const web = window.page.getByRole('rowgroup', { name: 'Listener web' });
    const error = '127.0.0.1:8080 is in use by another program';
    const figures = async () =>
      (await web.getByRole('row').first().getByRole('cell').allTextContents()).slice(1, 3);
    await web.getByRole('link', { name: /^http:\/\/localhost:8080/ }).waitFor();
    window.core.setListener('web', { state: 'failed', error });
    await web.getByText(error).waitFor();
    expect(await figures()).toEqual(['—', '—']);
    window.core.setListener('web', {
      state: 'failed',
      error: `${error}; 127.0.0.1:8079 is still served`,
      servedAddress: '127.0.0.1:8079',
    });
    await web.getByText('8079 is still served').waitFor();
    const [connections, perSecond] = await figures();
    expect(connections).toBe('14');
    expect(perSecond).toMatch(/\d/);
    const link = web.getByRole('link', { name: /^http:\/\/localhost:8079/ });
    expect(await link.getAttribute('href')).toBe('http://localhost:8079/');
    await web.getByText('still at').waitFor();
    expect(await web.getByText('http://localhost:8080', { exact: true }).count()).toBe(1);
  });

  it('lead from a certificate this machine does not believe to the settings', async () => {
    await using window = await open('/listeners');
    await window.page.getByRole('link', { name: 'Trust it…' }).click();
    await window.page.getByRole('region', { name: 'Trust the local authority' }).waitFor();
  });
});

describe('the revisions', () => {
  it('rolls back after saying what that changes, and undoes it', async () => {
    await using window = await open('/revisions');
    const { page, core } = window;
    await page.getByRole('button', { name: 'Roll back to r40' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Roll back to r40?' });
    await dialog.getByText('remove backend api/api-5').waitFor();
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
    await dialog.getByText('Line 1, pool “x”, backend “q”').waitFor();
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

  it('lists beforehand what it adds, changes and removes, as the core says it', async () => {
    await using window = await open('/revisions');
    const { page, core } = window;
    const { handlers } = core.service;
    const config = structuredClone(core.state.config);
    const [api] = config.pools;
    const [backend] = api?.backends ?? [];
    if (api === undefined || backend === undefined) throw new Error('the scene has a pool with backends');
    backend.weight = 77;
    config.listeners.push({ name: 'extra', port: 0 } as (typeof config.listeners)[number]);
    config.pools.push({ name: 'fresh' } as (typeof config.pools)[number]);
    await page.getByRole('button', { name: 'Import…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import a config' });
    const text = dialog.getByLabel('Config', { exact: true });
    await text.fill(JSON.stringify(config));
    const changes = dialog.getByRole('region', { name: 'Changes' }).getByRole('listitem');
    const expected = ['add listener extra', `weight of api/${backend.name}: 90 → 77`, 'add pool fresh'];
    await expect.poll(() => changes.allTextContents()).toEqual(expected);
    expect(await window.violations()).toEqual([]);
    // What is compared with is what will be replaced.
    await handlers['pools.add']({ pool: { name: 'other', backends: [] } as never }, { author: 'cli' });
    await expect.poll(() => changes.allTextContents()).toEqual(['− remove pool other', ...expected]);
    await text.fill(JSON.stringify(core.state.config));
    await dialog.getByText('None: r43 is this config.').waitFor();
    await text.fill('{ "version": 1, "pools": [{ "name": "a b" }] }');
    await dialog.getByText('1 problem').waitFor();
    expect(await dialog.getByRole('region', { name: 'Changes' }).count()).toBe(0);
  });

  it('reads a file', async () => {
    await using window = await open('/revisions');
    await window.page.getByRole('button', { name: 'Import…' }).click();
    const dialog = window.page.getByRole('dialog', { name: 'Import a config' });
    await dialog
      .locator('input[type=file]')
      .setInputFiles({ name: 'empty.json', mimeType: 'application/json', buffer: Buffer.from(' \n') });
    await dialog.getByText('empty.json is empty: there is nothing to import.').waitFor();
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

describe('the local authority', () => {
  const panelOf = (page: Page) => page.getByRole('region', { name: 'Trust the local authority' });

  it.each([
    ['trusted', 'Trusted', 'A browser may keep a list of its own'],
    ['not-trusted', 'Not trusted', 'until it is added'],
    ['unknown', 'Unknown', 'cannot be asked for certain'],
  ] as const)('is said to be %s in a word', async (trust, word, meaning) => {
    await using window = await open('/settings');
    window.core.state.certificates.trust = trust;
    await window.page.reload();
    const panel = panelOf(window.page);
    await panel.getByText(word, { exact: true }).waitFor();
    await panel.getByText(meaning).waitFor();
  });

  it('gives the command of the chosen system and its certificate as a file', async () => {
    await using window = await open('/settings');
    const { page } = window;
    const panel = panelOf(page);
    await panel.getByText('sudo update-ca-certificates').waitFor();
    await panel.getByLabel('To have it trusted by').click();
    await page.getByRole('option', { name: 'Windows' }).click();
    await panel.getByText('certutil -user -addstore Root').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await panel.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied the command for Windows').waitFor();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toMatch(/^certutil -user/);
    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Save certificate' }).click();
    const file = await (await download).path();
    expect(await readFile(file, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  it('says that there is none while no listener needs it', async () => {
    await using window = await open('/settings', { scene: 'empty' });
    await panelOf(window.page).getByText('There is none yet').waitFor();
  });
});

describe('the first run', () => {
  it('takes what is typed right after the key that leads to the split', async () => {
    await using window = await open('/', { scene: 'empty' });
    const { page } = window;
    await page.evaluate(TIMERS_COME_LATE);
    await page.keyboard.press('s');
    await page.keyboard.type('3000');
    expect(await page.getByLabel('First server').inputValue()).toBe('3000');
  });

  it('splits two dev servers in one revision and opens their board', async () => {
    await using window = await open('/', { scene: 'empty' });
    const { page, core } = window;
    await page.keyboard.press('s');
    await page.keyboard.type('3000');
    await page.getByLabel('Second server').fill('http://localhost:3000/');
    await page.getByLabel('First server').fill('localhost:3000');
    await page.keyboard.press('Enter');
    await page.getByText('The first server has the same address').waitFor();
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

  it('says so when the port of the split cannot be opened', async () => {
    await using window = await open('/', { scene: 'empty' });
    const { page, core } = window;
    core.setListener('web', { state: 'failed', error: 'port 8080 is in use' });
    await page.getByLabel('First server').fill('3000');
    await page.getByLabel('Second server').fill('3001');
    await page.keyboard.press('Enter');
    await page.getByText('Saved, but port 8080 is not open').waitFor();
    await page.getByRole('main').getByText('does not accept connections: port 8080 is in use').waitFor();
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
