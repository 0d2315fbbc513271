// Electron's security checklist, held against what the app really asked Electron for and how its
// registered handlers answer hostile requests. The number is the checklist's.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '#shared/content-security-policy.ts';
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

const HOSTILE = [
  'https://evil.example/',
  'http://localhost.evil.example:5173/',
  'file:///etc/passwd',
  'app://evil/',
  'javascript:alert(1)',
];

describe('the security checklist', () => {
  it('2, 3, 4, 6, 8, 9, 10, 11: the window is sandboxed, isolated and without any relaxed option', () => {
    const [options] = app.calls.find((call) => call.api === 'BrowserWindow')?.args ?? [];
    const { webPreferences } = options as { webPreferences: Record<string, unknown> };
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      devTools: false,
    });
    expect(webPreferences).not.toHaveProperty('enableBlinkFeatures');
  });

  it('5: permissions are denied, except that our page may write to the clipboard', async () => {
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
    ]) {
      expect(await app.control('requestPermission', permission, 'app://sluice/'), permission).toBe(false);
      expect(await app.control('checkPermission', permission, 'app://sluice'), permission).toBe(false);
    }
    const clipboard = 'clipboard-sanitized-write';
    expect(await app.control('requestPermission', clipboard, 'app://sluice/')).toBe(true);
    expect(await app.control('checkPermission', clipboard, 'app://sluice')).toBe(true);
    expect(await app.control('requestPermission', clipboard, 'https://evil.example/')).toBe(false);
    expect(await app.control('checkPermission', clipboard, 'https://evil.example')).toBe(false);
    expect(await app.control('requestDevice')).toBe(false);
  });

  it('7: the page comes with its policy, which stops eval and foreign connections in the page', async () => {
    const answer = await app.control('requestAsset', 'GET', 'app://sluice/');
    expect(answer.headers).toMatchObject({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
    });
    // From a timer: what a debugger evaluates itself is exempt from the policy.
    const stopped = await page.evaluate(
      () =>
        new Promise((resolve) => {
          setTimeout(async () => {
            const attempt = async (act: () => unknown) => {
              try {
                await act();
                return false;
              } catch {
                return true;
              }
            };
            resolve({
              code: await attempt(() => new Function('return 1')()),
              fetch: await attempt(() => fetch('https://evil.example/')),
            });
          }, 0);
        }),
    );
    expect(stopped).toEqual({ code: true, fetch: true });
    expect(app.blocked).toEqual([]);
    expect(app.pageErrors.filter((text) => text.includes('Content Security Policy'))).not.toEqual([]);
  });

  it.each([...HOSTILE, 'http://localhost:5173/'])('13: the page cannot be taken to %s', async (url) => {
    expect(await app.control('emitFromPage', 1, 'will-navigate', { url, isMainFrame: true })).toBe(true);
    expect(await app.control('emitFromPage', 1, 'will-redirect', { url, isMainFrame: true })).toBe(true);
    expect(await app.control('emitFromPage', 1, 'will-frame-navigate', { url, isMainFrame: false })).toBe(
      true,
    );
  });

  it('13: a page that tries stays where it is', async () => {
    await page.evaluate('void (location.href = "https://evil.example/")');
    expect(await callFromPage(page, 'system.info')).toMatchObject({ t: 'result' });
    expect(page.url()).toMatch(/^https:\/\/sluice\.app\.invalid\//);
  });

  it('12: a webview is never attached', async () => {
    expect(await app.control('emitFromPage', 1, 'will-attach-webview', {})).toBe(true);
  });

  it.each(HOSTILE)('14, 15: no window opens for %s and the system is not asked to open it', async (url) => {
    const before = app.calls.length;
    expect(await app.control('openFromPage', 1, url)).toEqual({ action: 'deny' });
    expect(app.calls.slice(before).map((call) => call.api)).not.toContain('shell.openExternal');
  });

  it('15: an allow-listed link goes to the system’s browser, not into a window', async () => {
    await page.evaluate('void window.open("https://github.com/electron/electron")');
    await app.waitForCall('shell.openExternal', ([url]) => url === 'https://github.com/electron/electron');
    expect(await app.control('windows')).toHaveLength(1);
  });

  it('15: the link of a listener on this machine goes to the system’s browser', async () => {
    await page.evaluate('void window.open("https://api.localhost:8443/")');
    await app.waitForCall('shell.openExternal', ([url]) => url === 'https://api.localhost:8443/');
    expect(await app.control('windows')).toHaveLength(1);
  });

  it('17: only our page’s main frame is listened to', async () => {
    const call = { t: 'call', id: 1, op: 'settings.set', input: { theme: 'light' } };
    const send = (frame: { url: string; isMain: boolean } | null, message: unknown) =>
      app.control('sendFromFrame', 1, frame, 'sluice:rpc', [message]);
    await send(null, call);
    await send({ url: 'https://evil.example/', isMain: true }, call);
    await send({ url: 'app://sluice/', isMain: false }, call);
    await send({ url: 'app://sluice/', isMain: true }, { t: 'call', id: {}, op: 'settings.set' });
    const answer = await callFromPage(page, 'settings.get');
    expect(answer).toMatchObject({ result: { ok: true, value: { theme: 'system' } } });
    for (const reason of ['its frame is gone', 'foreign page', 'main frame', 'malformed']) {
      expect(app.output()).toContain(reason);
    }
  });

  it('18: the app’s own scheme serves its files and nothing beside them', async () => {
    const status = async (url: string) => (await app.control('requestAsset', 'GET', url)).status;
    expect(await status('app://sluice/index.html')).toBe(200);
    expect(await status('app://evil/index.html')).toBe(404);
    expect(await status('app://sluice/..%2f..%2fpackage.json')).toBe(400);
    expect((await app.control('requestAsset', 'POST', 'app://sluice/')).status).toBe(405);
  });
});
