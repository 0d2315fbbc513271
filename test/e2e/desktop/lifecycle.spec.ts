// How the app lives and ends: in the tray, once per user, through a crash of its core, and not before its
// core has stopped.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/electron/chromium.ts';
import { type DesktopApp, launchDesktop } from '../../support/electron/launch.ts';
import { callFromPage, nextMessage } from '../../support/electron/page-rpc.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

/** Names of what happened, without the tray's redraws; a message to the core by its type. */
const happened = (app: DesktopApp) =>
  app.calls
    .filter((call) => !call.api.startsWith('Tray'))
    .map(({ api, args: [, message] }) =>
      api === 'Worker.postMessage' ? `core ${(message as { type: string }).type}` : api,
    );

describe('the window', () => {
  it('hides to the tray when closed, tells its page, and comes back by the tray', async () => {
    await using app = await launchDesktop({ browser });
    const page = await app.window();
    await app.control('closeWindow', 1);
    expect(await app.control('windows')).toMatchObject([{ visible: false }]);
    await page.waitForFunction('document.visibilityState === "hidden"');
    await app.control('clickTrayItem', 'Show Sluice');
    expect(await app.control('windows')).toMatchObject([{ visible: true, focused: true }]);
    await page.waitForFunction('document.visibilityState === "visible"');
    await app.control('minimizeWindow', 1);
    await app.control('clickTray');
    expect(await app.control('windows')).toMatchObject([{ visible: true, minimized: false }]);
  });

  it('ends the app when closed if the person prefers that', async () => {
    await using app = await launchDesktop({ browser });
    await callFromPage(await app.window(), 'settings.set', { closeToTray: false, theme: 'light' });
    // The theme shows that the shell has heard of both.
    await app.waitForCall('nativeTheme.themeSource', ([source]) => source === 'light');
    await app.control('closeWindow', 1);
    expect(await app.exited).toBe(0);
  });

  it('opens where it was the last time', async () => {
    const userData = await mkdtemp(join(tmpdir(), 'sluice-desktop-'));
    try {
      const bounds = { x: 120, y: 80, width: 1100, height: 720 };
      {
        await using first = await launchDesktop({ browser, userData });
        await first.window();
        await first.control('resizeWindow', 1, bounds);
      }
      await using second = await launchDesktop({ browser, userData });
      await second.window();
      expect(await second.control('windows')).toMatchObject([{ bounds }]);
    } finally {
      await rm(userData, { recursive: true, force: true });
    }
  });
});

describe('the tray', () => {
  it('shows the state by its image and a line, with Show and Quit', async () => {
    await using app = await launchDesktop({ browser });
    await app.window();
    await app.waitForCall('Tray.setToolTip', ([text]) => text === 'Sluice: nothing to balance yet');
    const { image, items } = await app.control('tray');
    expect(image).toMatch(/tray[\\/]off\.png$/);
    expect(items).toEqual(['No pools yet', 'separator', 'Show Sluice', 'Quit Sluice']);
  });

  it('quits in order: windows close, the core stops, the process ends', async () => {
    await using app = await launchDesktop({ browser });
    await app.window();
    // The core has answered the shell; from here nothing else is under way.
    await app.waitForCall('nativeTheme.themeSource');
    await app.control('clickTrayItem', 'Quit Sluice').catch(() => {});
    expect(await app.exited).toBe(0);
    const order = happened(app);
    expect(order.slice(order.indexOf('app:before-quit'))).toEqual([
      'app:before-quit',
      'window:close',
      'window:closed',
      'app:will-quit',
      'core stop',
      'app.exit',
      'app:quit',
    ]);
  });
});

describe('a second start', () => {
  it('ends at once and brings the first window forward', async () => {
    await using app = await launchDesktop({ browser });
    await app.window();
    await app.control('closeWindow', 1);
    await using second = await launchDesktop({ browser, userData: app.userData });
    expect(await second.exited).toBe(0);
    expect(happened(second)).not.toContain('BrowserWindow');
    await app.waitForCall('app:second-instance');
    expect(await app.control('windows')).toMatchObject([{ visible: true, focused: true }]);
  });

  it('by another user on the same data says why it cannot run, in a dialog, and ends', async () => {
    await using app = await launchDesktop({ browser });
    await app.window();
    await using other = await launchDesktop({ browser, dataDir: join(app.userData, 'data') });
    const box = await other.waitForCall('dialog.showErrorBox');
    expect(box.args[0]).toBe('Sluice cannot start');
    expect(box.args[1]).toContain('Another Sluice');
    expect(await other.exited).toBe(1);
  });
});

describe('a core that crashes', () => {
  it('is started again while the window stays: the page is told, asks again, and is answered', async () => {
    await using app = await launchDesktop({ browser });
    const page = await app.window();
    await callFromPage(page, 'settings.set', { theme: 'dark' });
    const told = nextMessage(page, 'fatal');
    await app.control('crashThread', 'core-thread.js');
    expect(await told).toMatchObject({ message: expect.stringContaining('being restarted') });
    await app.waitForCall('Tray.setToolTip', ([text]) => text === 'Sluice: not running');
    await expect
      .poll(() => callFromPage(page, 'settings.get'), { timeout: 15_000 })
      .toMatchObject({ t: 'result', result: { ok: true, value: { theme: 'dark' } } });
    expect(app.output()).toContain('the core crashed, restarting in 100 ms');
    expect(happened(app).filter((api) => api === 'BrowserWindow')).toHaveLength(1);
  });
});

describe('the page', () => {
  it('is loaded again when its process dies', async () => {
    await using app = await launchDesktop({ browser });
    const page = await app.window();
    const loaded = page.waitForEvent('load');
    await app.control('emitFromPage', 1, 'render-process-gone', { reason: 'crashed' });
    await app.waitForCall('webContents.reload');
    await loaded;
    expect(await callFromPage(page, 'system.info')).toMatchObject({ t: 'result', result: { ok: true } });
  });
});
