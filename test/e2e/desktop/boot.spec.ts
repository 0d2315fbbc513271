// The shipping bundle boots on the Electron double and its page works through the shipping preload:
// - privileges and lock come before `ready`, the window after
// - the page sees one bridge and nothing of Electron, Node or the harness
// - a call travels page → preload → ipc → core thread → engine's core and back
// - a reload starts over with a new channel
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/electron/chromium.ts';
import { type DesktopApp, launchDesktop } from '../../support/electron/launch.ts';
import { callFromPage } from '../../support/electron/page-rpc.ts';

let browser: Browser;
let app: DesktopApp;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  app = await launchDesktop({ browser });
  page = await app.window();
});
afterAll(async () => {
  await app?.close();
  await browser?.close();
});

describe('the desktop app', () => {
  it('claims its scheme, the sandbox and the single instance before it is ready, and its window after', () => {
    const order = app.calls.map((call) => call.api);
    const ready = order.indexOf('app:ready');
    for (const early of [
      'protocol.registerSchemesAsPrivileged',
      'app.enableSandbox',
      'app.requestSingleInstanceLock',
    ]) {
      expect(order.indexOf(early), early).toBeGreaterThanOrEqual(0);
      expect(order.indexOf(early), early).toBeLessThan(ready);
    }
    expect(order.indexOf('BrowserWindow')).toBeGreaterThan(ready);
    expect(order.indexOf('window:show')).toBeGreaterThan(order.indexOf('window:ready-to-show'));
  });

  it('loads its page from the app scheme', async () => {
    expect(await app.control('windows')).toMatchObject([
      { id: 1, visible: true, focused: true, url: 'app://sluice/' },
    ]);
    expect(await page.title()).toBe('Sluice');
  });

  it('shows the page one bridge and nothing else', async () => {
    const seen = await page.evaluate(() => {
      const scope = globalThis as unknown as Record<string, unknown>;
      const bridge = scope.sluice as Record<string, unknown>;
      return {
        members: Object.entries(bridge).map(([name, value]) => [name, typeof value]),
        frozen: Object.isFrozen(bridge) && Object.isFrozen(bridge.versions),
        fixed: Object.getOwnPropertyDescriptor(scope, 'sluice')?.configurable === false,
        foreign: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron', 'global'].filter(
          (name) => name in scope,
        ),
        harness: Object.getOwnPropertyNames(scope).filter((name) => /electron|bridge/i.test(name)),
      };
    });
    expect(seen).toEqual({
      members: [
        ['post', 'function'],
        ['onMessage', 'function'],
        ['platform', 'string'],
        ['versions', 'object'],
      ],
      frozen: true,
      fixed: true,
      foreign: [],
      harness: [],
    });
  });

  it('answers the page’s call from the core thread', async () => {
    expect(await callFromPage(page, 'system.info')).toMatchObject({
      t: 'result',
      result: { ok: true, value: { host: 'desktop', dataDir: `${app.userData}/data`, configFile: null } },
    });
  });

  it('answers an unknown operation with an error, not with silence', async () => {
    expect(await callFromPage(page, 'no.such.operation')).toMatchObject({
      t: 'result',
      result: { ok: false, error: { code: 'not-found' } },
    });
  });

  it('refuses to carry what cannot be cloned', async () => {
    const message = await page.evaluate(() => {
      const { sluice } = globalThis as unknown as { sluice: { post(message: unknown): void } };
      try {
        sluice.post({ t: 'call', id: 1, op: 'x', input: Symbol('no') });
        return 'carried';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(message).toBe('An object could not be cloned.');
  });

  it('works the same after a reload', async () => {
    await page.reload();
    expect(await callFromPage(page, 'system.info')).toMatchObject({ t: 'result', result: { ok: true } });
  });

  it('follows the theme setting', async () => {
    await callFromPage(page, 'settings.set', { theme: 'dark' });
    await app.waitForCall('nativeTheme.themeSource', ([source]) => source === 'dark');
    await page.waitForFunction('matchMedia("(prefers-color-scheme: dark)").matches');
  });

  it('asks for nothing outside itself and has no error in its page', () => {
    expect(app.blocked).toEqual([]);
    expect(app.pageErrors).toEqual([]);
  });
});
