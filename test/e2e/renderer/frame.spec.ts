// The frame of the window, built and in Chromium, on a fake core:
// - it says whether the engine runs what was saved, and never pretends while cut off
// - everything is reachable by keyboard
// - acts are undone by Ctrl Z; a hidden window takes no events
// - axe finds nothing, dark and light
import { describe, expect, it } from 'vitest';
import { emptyScene } from '../../support/fake-scene.ts';
import { adminOf } from '../../support/pool-board.ts';
import { TOKEN } from '../../support/renderer-host.ts';
import { axeFindings, rendererSuite } from '../../support/renderer-window.ts';

/** Generous: the machine that runs this may be busy; a pass does not wait. */
function eventually<T>(look: () => T) {
  return expect.poll(look, { timeout: 10_000 });
}

const suite = rendererSuite();

describe('the frame', () => {
  it('shows the pools with their marks and what the engine runs', async () => {
    await using window = await suite.open();
    const rail = window.page.getByRole('navigation', { name: 'Main' });
    await eventually(() => rail.getByRole('link', { name: 'Degraded api 3/5' }).count()).toBe(1);
    expect(await rail.getByRole('link', { name: 'Off legacy off' }).count()).toBe(1);
    expect(await window.page.getByRole('banner').getByRole('status').textContent()).toBe(
      'Proxying · r42 applied',
    );
    expect(await window.page.getByRole('contentinfo').textContent()).toContain('739 req/s');
    expect(window.errors).toEqual([]);
  });

  it('says of which pool the p95 is and how long the history is kept', async () => {
    await using window = await suite.open();
    const bar = window.page.getByRole('contentinfo');
    await eventually(() => bar.textContent()).toContain('worst pool p95 ');
    expect(await bar.textContent()).toMatch(/history .+ · keeps \d+ d$/);
  });

  it('does not claim to proxy while the engine hangs, a listener fails or the core is gone', async () => {
    await using window = await suite.open();
    const { page, core, host } = window;
    const status = page.getByRole('banner').getByRole('status');
    await eventually(() => status.textContent()).toBe('Proxying · r42 applied');

    core.hangEngine(true);
    await page.evaluate('window.location.hash = "#/pools/api"');
    core.service.handlers['backends.setWeight'](
      { pool: 'api', backend: 'api-1', weight: 80 },
      { author: 'cli' },
    );
    await eventually(() => status.textContent()).toBe('r43 saved · r42 runs');
    core.hangEngine(false);
    await eventually(() => status.textContent()).toBe('Proxying · r43 applied');

    core.setListener('web', { state: 'failed', error: 'port 8080 is in use' });
    await eventually(() => status.textContent()).toBe('Listener web failed');
    core.setListener('web', { state: 'listening' });

    host.acceptClients(false);
    host.dropClients();
    await eventually(() => status.textContent()).toBe('Not connected');
    expect(await page.getByText('What you see is the last known state').count()).toBe(1);
    host.acceptClients(true);
    await eventually(() => status.textContent()).toBe('Proxying · r43 applied');
    expect(await page.getByText('What you see is the last known state').count()).toBe(0);
  });

  it('shows notices of the core and lets them be put away', async () => {
    await using window = await suite.open();
    window.core.setSystem({ storeNotice: 'the disk is full' });
    const notice = window.page.getByText('The disk is full.');
    await notice.waitFor();
    await window.page.getByRole('button', { name: 'Hide the notice about the history' }).click();
    await eventually(() => notice.count()).toBe(0);
  });

  it('takes no events while hidden and catches up when shown', async () => {
    await using window = await suite.open();
    const { page, core, host } = window;
    await eventually(() => host.subscribed()).toBe(1);
    const hide = (hidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} });` +
          `document.dispatchEvent(new Event('visibilitychange'))`,
      );
    await hide(true);
    await eventually(() => host.subscribed()).toBe(0);
    core.script('web', 'web-1', { health: [{ agoMs: 0, health: 'down' }], cause: 'not listening' });
    await hide(false);
    await eventually(() => host.subscribed()).toBe(1);
    await page.getByRole('link', { name: 'Degraded web 1/2' }).waitFor();
  });

  it('survives a page that breaks, says so, and shows the others', async () => {
    await using window = await suite.open();
    const { page } = window;
    // The board comes as a part of its own: without it the page cannot be drawn.
    await page.route(/pool-page.*\.js/, (route) => route.abort());
    await page.evaluate('window.location.hash = "#/pools/api"');
    await page.getByRole('heading', { level: 1, name: 'This page could not be shown' }).waitFor();
    await page.getByText('Sluice itself last said: Proxying').waitFor();
    await eventually(() => page.getByRole('contentinfo').textContent()).toContain('req/s');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Listeners' }).click();
    await page.getByRole('heading', { level: 1, name: 'Listeners' }).waitFor();

    await page.evaluate('window.location.hash = "#/pools/api"');
    await page.unroute(/pool-page.*\.js/);
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('heading', { level: 1, name: 'api' }).waitFor();
  });

  it('explains an unknown pool and leads to the known ones', async () => {
    await using window = await suite.open({ hash: '#/pools/nope' });
    await window.page.getByRole('heading', { name: 'There is no pool called “nope”' }).waitFor();
    await window.page.getByRole('main').getByRole('link', { name: 'web' }).click();
    await eventually(() => window.page.url()).toContain('#/pools/web');
  });
});

describe('the keyboard', () => {
  it('jumps between pages', async () => {
    await using window = await suite.open();
    const { page } = window;
    const at = () => new URL(page.url()).hash;
    for (const [keys, hash] of [
      ['gl', '#/listeners'],
      ['gr', '#/revisions'],
      ['gs', '#/settings'],
      ['gp', '#/pools/api'],
      ['go', '#/'],
    ] as const) {
      for (const key of keys) await page.keyboard.press(key);
      await eventually(at).toBe(hash);
    }
  });

  it('drains from the palette, and Ctrl Z takes it back', async () => {
    await using window = await suite.open({ hash: '#/pools/api' });
    const { page, core } = window;
    const admin = () => adminOf(core, 'api-2');
    await page.getByRole('status').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Search or run a command').fill('drain api-2');
    await page.keyboard.press('Enter');
    await eventually(admin).toBe('draining');
    await page.getByText('Drained api-2').waitFor();
    await page.keyboard.press('Control+z');
    await eventually(admin).toBe('enabled');
    await page.getByText('Undone: Drained api-2').waitFor();
    await page.keyboard.press('Control+Shift+z');
    await eventually(admin).toBe('draining');

    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Search or run a command').fill('api-2');
    await page.getByRole('option', { name: 'Enable api-2' }).waitFor();
    expect(await page.getByRole('option', { name: 'Drain api-2' }).count()).toBe(0);
  });

  it('undoes and redoes an edit of the config, but not over somebody else’s', async () => {
    await using window = await suite.open();
    const { page, core } = window;
    const pools = () => core.state.config.pools.map(({ name }) => name);
    await page.getByText('Proxying').waitFor();
    await page.getByRole('button', { name: 'New pool' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name', { exact: true }).fill('fresh');
    await page.keyboard.press('Enter');
    await eventually(pools).toContain('fresh');
    await form.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await eventually(pools).not.toContain('fresh');
    await page.getByText(/^Undone/).waitFor();
    await page.keyboard.press('Control+Shift+z');
    await eventually(pools).toContain('fresh');
    await page.getByText(/^Redone/).waitFor();

    core.service.handlers['backends.setWeight'](
      { pool: 'api', backend: 'api-1', weight: 80 },
      { author: 'cli' },
    );
    await page.keyboard.press('Control+z');
    await page.getByText('r46 came after this change').waitFor();
    expect(pools()).toContain('fresh');
  });

  it('says what it took back, however long the core takes to answer', async () => {
    await using window = await suite.open({ hash: '#/pools/api' });
    const { page, core } = window;
    const { handlers } = core.service;
    await page.getByRole('row', { name: /api-1/ }).click();
    await page.keyboard.press('d');
    const offer = page.getByRole('button', { name: 'Undo', exact: true });
    await offer.waitFor();

    const { promise: leaving, resolve: leaves } = Promise.withResolvers<void>();
    const setState = handlers['backends.setState'];
    handlers['backends.setState'] = async (...call) => {
      await leaving;
      return setState(...call);
    };
    // Between the frame in which it begins to leave and the one in which it is gone.
    const leavingOffer = page.locator('[data-sonner-toast][data-removed=true]');
    await Promise.all([leavingOffer.waitFor({ state: 'attached' }), offer.click()]);
    leaves();
    const staying = page.locator('[data-sonner-toast][data-removed=false]');
    await staying.filter({ hasText: 'Undone: Drained api-1' }).waitFor();
  });

  it('opens from the palette what a page or a row has a button for', async () => {
    await using window = await suite.open();
    const { page } = window;
    const run = async (query: string) => {
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder('Search or run a command').fill(query);
      await page.keyboard.press('Enter');
    };
    await run('export');
    await page.getByRole('dialog', { name: 'Export the config' }).waitFor();
    await page.keyboard.press('Escape');
    await run('checks api-3');
    await page.getByRole('dialog', { name: 'Checks of api-3' }).waitFor();
    await page.keyboard.press('Escape');
    await run('trust');
    const focusedPanel = page
      .getByRole('region', { name: 'Trust the local authority' })
      .and(page.locator(':focus'));
    await focusedPanel.waitFor();
    await page.evaluate('document.activeElement.blur()');
    await run('trust');
    await focusedPanel.waitFor();
  });

  it('takes no key of another page, nor one below the sheet of keys', async () => {
    await using window = await suite.open();
    // No filter is here, so the key is none.
    await window.page.keyboard.press('/');
    expect(await window.page.getByRole('dialog').count()).toBe(0);
    await window.page.keyboard.press('?');
    const sheet = window.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('Go to the revisions').waitFor();
    // A dialog owns the keyboard.
    await window.page.keyboard.press('g');
    await window.page.keyboard.press('r');
    expect(new URL(window.page.url()).hash).toBe('#/');
    await window.page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  it('reaches the search, the engine’s state and every place in the rail with Tab alone', async () => {
    await using window = await suite.open();
    const { page } = window;
    await page.getByRole('link', { name: /web 2\/2/ }).waitFor();
    const reached: string[] = [];
    for (let i = 0; i < 13; i++) {
      await page.keyboard.press('Tab');
      reached.push(String(await page.evaluate('document.activeElement.textContent')));
    }
    const all = reached.join(' | ');
    for (const text of ['Search or run', 'Proxying', 'Listeners', 'api', 'legacy', 'New pool', 'Settings']) {
      expect(all).toContain(text);
    }
  });
});

describe('the token', () => {
  it('comes with the link, leaves the address and survives a reload', async () => {
    await using window = await suite.open({ tokenInPage: false, hash: `#token=${TOKEN}` });
    const { page } = window;
    await page.getByText('Proxying · r42 applied').waitFor();
    expect(page.url()).not.toContain(TOKEN);
    await page.reload();
    await page.getByText('Proxying · r42 applied').waitFor();
  });

  it('that is wrong is said to be', async () => {
    await using window = await suite.open({ tokenInPage: false, hash: '#token=guess' });
    await window.page.getByText('The token is missing or wrong').waitFor();
  });

  it('that was refused is not tried again, until the link brings another one', async () => {
    await using window = await suite.open({ tokenInPage: false, hash: '#token=guess' });
    const { page } = window;
    let tries = 0;
    page.on('websocket', () => tries++);
    await page.clock.install();
    await page.reload();
    const banner = page.getByText('Not connected.', { exact: true }).locator('..');
    await banner.waitFor();
    await page.clock.fastForward(60_000);
    expect(await banner.textContent()).not.toMatch(/trying again|printed.*printed/);
    expect(await page.getByRole('button', { name: 'Try now' }).count()).toBe(0);
    expect(tries).toBe(1);
    // Opened in the same tab, the link changes nothing but the fragment.
    await page.evaluate(`window.location.hash = '#token=${TOKEN}'`);
    await page.getByText('Proxying · r42 applied').waitFor();
    expect(page.url()).not.toContain(TOKEN);
  });
});

describe('the theme', () => {
  it('follows the system until the setting says otherwise, and survives a reload', async () => {
    await using window = await suite.open({ colorScheme: 'light' });
    const { page, core } = window;
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe('rgb(246, 248, 250)');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Search or run a command').fill('dark theme');
    await page.keyboard.press('Enter');
    await eventually(background).toBe('rgb(13, 17, 23)');
    expect(core.state.settings.theme).toBe('dark');
    await page.reload();
    await eventually(background).toBe('rgb(13, 17, 23)');
  });
});

describe('accessibility', () => {
  for (const colorScheme of ['dark', 'light'] as const) {
    it(`holds in ${colorScheme} for the frame, the palette and the help sheet`, async () => {
      await using window = await suite.open({ colorScheme, hash: '#/pools/nope' });
      const { page } = window;
      await page.getByRole('status').first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Control+k');
      await page.getByRole('option').first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await axeFindings(page)).toEqual([]);
    });
  }

  it('holds while cut off and with an empty core', async () => {
    await using window = await suite.open({ scene: emptyScene });
    const { page, host } = window;
    await page.getByText('No listeners').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    host.acceptClients(false);
    host.dropClients();
    await page.getByText('Not connected', { exact: true }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
