// The shipping bundle boots on the Electron double and its page works through the shipping preload:
// - privileges and lock come before `ready`, the window after
// - the page sees one bridge and nothing of Electron, Node or the harness
// - a call travels page → preload → ipc → core thread → engine's core and back
// - a reload starts over with a new channel
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

  it('gives a reloaded page a new channel, so no answer to the old page reaches it', async () => {
    const opened = () =>
      app.calls.filter(
        ({ api, args: [, message] }) =>
          api === 'Worker.postMessage' && (message as { author?: string }).author === 'window',
      ).length;
    const before = opened();
    await page.reload();
    expect(await callFromPage(page, 'system.info')).toMatchObject({ t: 'result', result: { ok: true } });
    expect(opened()).toBe(before + 1);
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

describe('starting it', () => {
  it('hands a config file and a data folder to the core', async () => {
    const dataDir = join(app.userData, 'elsewhere');
    const configFile = join(app.userData, 'sluice.json');
    await writeFile(configFile, '{ "version": 1 }');
    await using other = await launchDesktop({
      browser,
      dataDir,
      args: ['--disable-gpu', '--config', configFile],
    });
    expect(await callFromPage(await other.window(), 'system.info')).toMatchObject({
      result: { value: { dataDir, configFile } },
    });
  });

  it('loads a dev server’s page in development, and never in a packaged app', async () => {
    const env = { ELECTRON_RENDERER_URL: 'http://127.0.0.1:9/' };
    await using development = await launchDesktop({ browser, env, packaged: false });
    await using shipped = await launchDesktop({ browser, env, packaged: true });
    expect((await development.waitForCall('BrowserWindow.loadURL')).args).toEqual(['http://127.0.0.1:9/']);
    expect((await shipped.waitForCall('BrowserWindow.loadURL')).args).toEqual(['app://sluice/']);
    const menu = async (started: DesktopApp) => (await started.waitForCall('Menu.setApplicationMenu')).args;
    expect(await menu(shipped)).toEqual([['&File', 'editMenu', '&View', 'windowMenu']]);
  });
});
