// Starts the built desktop app for a test: the shipping main bundle in its own Node process on the
// Electron double, its windows as Chromium pages. `await using` ends both, whatever the test did.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type AppProcess, startApp, type WindowMessage } from './app-process.ts';
import { launchChromium } from './chromium.ts';
import { type ChromiumWindow, openChromiumWindow } from './chromium-window.ts';
import type { Controls } from './double/controls.ts';
import type { AssetAnswer, Call } from './wire.ts';

export interface LaunchOptions {
  /** Where the core keeps its data; default: below `userData`. */
  dataDir?: string;
  /** Electron's own folder of this user; default: a new one, removed at the end. */
  userData?: string;
  env?: Record<string, string>;
  /** Arguments after the app's path. */
  args?: string[];
  packaged?: boolean;
  /** Folder with main/, preload/ and renderer/; default: SLUICE_OUT_DIR or the repository's `out`. */
  outDir?: string;
  /** A browser to share between tests; default: an own one, closed at the end. */
  browser?: Browser;
}

export interface DesktopApp {
  userData: string;
  /** Everything the app did so far, in order; complete after `exited`. */
  calls: readonly Call[];
  /** The first such call, already made or still to come. */
  waitForCall(api: string, matches?: (args: unknown[]) => boolean): Promise<Call>;
  /** What it printed so far. */
  output(): string;
  /** Does something to the app from outside its window; see double/controls.ts. */
  control<K extends keyof Controls>(
    name: K,
    ...args: Parameters<Controls[K]>
  ): Promise<Awaited<ReturnType<Controls[K]>>>;
  /** The page of the newest window, once it has loaded and shown. */
  window(): Promise<Page>;
  /** Addresses outside the app that its pages asked for. */
  blocked: readonly string[];
  /** Errors in its pages: thrown, logged, or refused by the content security policy. */
  pageErrors: readonly string[];
  /** Exit code, once ended. */
  exited: Promise<number | null>;
  /** Ends everything; safe to call twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export async function launchDesktop(options: LaunchOptions = {}): Promise<DesktopApp> {
  const outDir = resolve(options.outDir ?? process.env.SLUICE_OUT_DIR ?? join(ROOT, 'out'));
  const entry = join(outDir, 'main', 'index.js');
  if (!existsSync(entry))
    throw new Error('the app is not built: run `npm run build` before the desktop tests');
  const userData = options.userData ?? (await mkdtemp(join(tmpdir(), 'sluice-desktop-')));
  const windows = createWindows(options.browser);
  const app = startApp(
    {
      entry,
      appPath: ROOT,
      userData,
      version: '0.0.0-test',
      packaged: options.packaged ?? true,
      args: options.args ?? [],
    },
    { ...(options.dataDir === undefined ? {} : { SLUICE_DATA_DIR: options.dataDir }), ...options.env },
    (message) => windows.handle(app, message),
  );

  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      await app.end();
      await windows.close();
      if (options.userData === undefined) await rm(userData, { recursive: true, force: true });
    })();
    return closing;
  };

  return {
    userData,
    calls: app.calls,
    waitForCall: (api, matches = () => true) =>
      app.until(`the call ${api}`, () => app.calls.find((call) => call.api === api && matches(call.args))),
    output: app.output,
    control: (name, ...args) => app.ask({ ask: 'control', name, args }) as never,
    async window() {
      await app.until('the window', () => app.calls.find((call) => call.api === 'window:show'));
      return (await windows.newest()).page;
    },
    blocked: windows.blocked,
    pageErrors: windows.pageErrors,
    exited: app.exited,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Windows {
  handle(app: AppProcess, message: WindowMessage): void;
  newest(): Promise<ChromiumWindow>;
  blocked: string[];
  pageErrors: string[];
  close(): Promise<void>;
}

function createWindows(sharedBrowser: Browser | undefined): Windows {
  const windows = new Map<number, Promise<ChromiumWindow>>();
  const blocked: string[] = [];
  const pageErrors: string[] = [];
  let opened: Promise<{ browser: Browser; context: BrowserContext }> | undefined;

  const open = async (app: AppProcess, message: Extract<WindowMessage, { type: 'window-open' }>) => {
    opened ??= openContext(sharedBrowser);
    const { windowId } = message;
    return openChromiumWindow((await opened).context, message, {
      asset: (method, url) =>
        app
          .ask({ ask: 'asset', method, url })
          .catch(() => new Promise<never>(() => undefined)) as Promise<AssetAnswer>, // The page of an ended app gets no answer any more.
      mayNavigate: (url, byPage) =>
        app.ask({ ask: 'navigate', windowId, url, byPage }).catch(() => false) as Promise<boolean>,
      open: (url) => void app.ask({ ask: 'open', windowId, url }).catch(() => {}),
      ipc: (frame, channel, args) => app.post({ type: 'ipc', windowId, frame, channel, args }),
      loaded: (url, error) => app.post({ type: 'loaded', windowId, url, error }),
      blocked: (url) => blocked.push(url),
      pageError: (text) => pageErrors.push(text),
    });
  };

  const act = async (window: ChromiumWindow, message: WindowMessage): Promise<void> => {
    switch (message.type) {
      case 'window-open':
        return;
      case 'window-load':
        return window.load(message.url);
      case 'window-reload':
        return window.reload();
      case 'window-visible':
        return window.setVisible(message.visible);
      case 'window-ipc':
        return window.send(message.channel, message.args);
      case 'window-closed':
        return window.close();
      case 'theme':
        return window.page.emulateMedia({ colorScheme: message.source === 'system' ? null : message.source });
    }
  };

  return {
    blocked,
    pageErrors,
    handle(app, message) {
      if (message.type === 'window-open') windows.set(message.windowId, open(app, message));
      // The theme is every window's. Nothing waits here, so each window sees its messages in order.
      const concerned = 'windowId' in message ? [windows.get(message.windowId)] : [...windows.values()];
      for (const window of concerned) {
        window
          ?.then((ready) => act(ready, message))
          .catch((error: unknown) =>
            app.note(`[window] ${error instanceof Error ? error.message : String(error)}`),
          );
      }
      if (message.type === 'window-closed') windows.delete(message.windowId);
    },
    newest() {
      const newest = [...windows.values()].at(-1);
      return newest ?? Promise.reject(new Error('the app has no window'));
    },
    async close() {
      const used = await opened?.catch(() => undefined);
      await used?.context.close();
      if (sharedBrowser === undefined) await used?.browser.close();
    },
  };
}

async function openContext(
  shared: Browser | undefined,
): Promise<{ browser: Browser; context: BrowserContext }> {
  const browser = shared ?? (await launchChromium());
  return { browser, context: await browser.newContext() };
}
