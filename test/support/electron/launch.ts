// Starts the built desktop app for a test: the shipping main bundle in its own Node process on the
// Electron double, its window as a Chromium page. `await using` ends both, whatever the test did.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { type ChromiumWindow, openChromiumWindow } from './chromium-window.ts';
import type { Controls } from './double/controls.ts';
import type { AssetAnswer, Call, DoubleSetup, FromApp, Question, ToApp } from './wire.ts';

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
  control<K extends keyof Controls>(
    name: K,
    ...args: Parameters<Controls[K]>
  ): Promise<Awaited<ReturnType<Controls[K]>>>;
  /** The page of the newest window, loaded. */
  window(): Promise<Page>;
  /** Addresses outside the app that its pages asked for. */
  blocked(): string[];
  /** Exit code, once ended. */
  exited: Promise<number | null>;
  /** Ends everything; safe to call twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const QUIT_DEADLINE_MS = 8_000;
const WAIT_DEADLINE_MS = 20_000;

export async function launchDesktop(options: LaunchOptions = {}): Promise<DesktopApp> {
  const outDir = resolve(options.outDir ?? process.env.SLUICE_OUT_DIR ?? join(ROOT, 'out'));
  const entry = join(outDir, 'main', 'index.js');
  if (!existsSync(entry))
    throw new Error('the app is not built: run `npm run build` before the desktop tests');
  const ownUserData = options.userData === undefined;
  const userData = options.userData ?? (await mkdtemp(join(tmpdir(), 'sluice-desktop-')));
  const setup: DoubleSetup = {
    entry,
    appPath: ROOT,
    userData,
    version: '0.0.0-test',
    packaged: options.packaged ?? true,
    args: options.args ?? [],
  };
  const child = fork(fileURLToPath(new URL('./boot.ts', import.meta.url)), [], {
    cwd: ROOT,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Without the runner's own flags and variables, which would change how the app's threads start.
    execArgv: [],
    env: {
      ...plainEnvironment(),
      ...(options.dataDir === undefined ? {} : { SLUICE_DATA_DIR: options.dataDir }),
      ...options.env,
      ELECTRON_DOUBLE: JSON.stringify(setup),
    },
  });
  return controlApp(child, userData, ownUserData, options.browser);
}

function plainEnvironment(): Record<string, string | undefined> {
  const {
    NODE_OPTIONS: _options,
    VITEST: _vitest,
    NODE_ENV: _env,
    SLUICE_DATA_DIR: _dataDir,
    ...rest
  } = process.env;
  return rest;
}

function controlApp(
  child: ChildProcess,
  userData: string,
  ownUserData: boolean,
  sharedBrowser: Browser | undefined,
): DesktopApp {
  const calls: Call[] = [];
  const watchers = new Set<() => void>();
  const replies = new Map<number, (message: Extract<FromApp, { type: 'reply' }>) => void>();
  const windows = new Map<number, Promise<ChromiumWindow>>();
  const blocked: string[] = [];
  let output = '';
  let nextId = 1;
  let ended = false;
  let context: Promise<{ browser: Browser; context: BrowserContext }> | undefined;

  const changed = () => {
    for (const watcher of [...watchers]) watcher();
  };
  const post = (message: ToApp) => {
    if (child.connected) child.send(message);
  };
  const ask = (question: Question): Promise<unknown> =>
    new Promise((settle, reject) => {
      if (!child.connected) {
        reject(new Error('the app has ended'));
        return;
      }
      const id = nextId++;
      replies.set(id, ({ result }) => (result.ok ? settle(result.value) : reject(new Error(result.error))));
      post({ type: 'question', id, ...question });
    });

  const exited = new Promise<number | null>((settle) => {
    child.once('close', (code) => {
      ended = true;
      for (const reply of replies.values()) {
        reply({ type: 'reply', id: 0, result: { ok: false, error: 'the app has ended' } });
      }
      changed();
      settle(code);
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      changed();
    });
  }

  const openWindow = async (message: Extract<FromApp, { type: 'window-open' }>): Promise<ChromiumWindow> => {
    context ??= openContext(sharedBrowser);
    const { windowId } = message;
    return openChromiumWindow((await context).context, message, {
      asset: (method, url) => ask({ ask: 'asset', method, url }) as Promise<AssetAnswer>,
      mayNavigate: (url, byPage) => ask({ ask: 'navigate', windowId, url, byPage }) as Promise<boolean>,
      open: (url) => void ask({ ask: 'open', windowId, url }).catch(() => {}),
      ipc: (frame, channel, args) => post({ type: 'ipc', windowId, frame, channel, args }),
      loaded: (url, error) => post({ type: 'loaded', windowId, url, error }),
    });
  };

  /** Per window in order: a message for a window waits for the one before it. */
  const withWindow = (windowId: number, act: (window: ChromiumWindow) => unknown) => {
    const opened = windows.get(windowId);
    if (opened === undefined) return;
    opened.then(act).catch((error: unknown) => {
      if (!ended) output += `[window] ${error instanceof Error ? error.message : String(error)}\n`;
    });
  };

  child.on('message', (raw) => {
    const message = raw as FromApp;
    switch (message.type) {
      case 'reply':
        replies.get(message.id)?.(message);
        replies.delete(message.id);
        break;
      case 'call':
        calls.push(message.call);
        changed();
        break;
      case 'window-open':
        windows.set(message.windowId, openWindow(message));
        changed();
        break;
      case 'window-load':
        withWindow(message.windowId, (window) => window.load(message.url));
        break;
      case 'window-reload':
        withWindow(message.windowId, (window) => window.reload());
        break;
      case 'window-visible':
        withWindow(message.windowId, (window) => window.setVisible(message.visible));
        break;
      case 'window-ipc':
        withWindow(message.windowId, (window) => window.send(message.channel, message.args));
        break;
      case 'window-closed':
        withWindow(message.windowId, (window) => {
          blocked.push(...window.blocked);
          return window.close();
        });
        windows.delete(message.windowId);
        break;
      case 'theme':
        for (const id of windows.keys()) {
          const colorScheme = message.source === 'system' ? null : message.source;
          withWindow(id, (window) => window.page.emulateMedia({ colorScheme }));
        }
        break;
    }
  });

  /** Waits for a condition that can only change when the app says or does something. */
  const until = <T>(what: string, look: () => T | undefined): Promise<T> =>
    new Promise((settle, reject) => {
      const deadline = setTimeout(
        () => finish(() => reject(explain(`${what} did not happen in time`))),
        WAIT_DEADLINE_MS,
      );
      const finish = (act: () => void) => {
        clearTimeout(deadline);
        watchers.delete(check);
        act();
      };
      const check = () => {
        const found = look();
        if (found !== undefined) finish(() => settle(found));
        else if (ended) finish(() => reject(explain(`${what} did not happen before the app ended`)));
      };
      watchers.add(check);
      check();
    });
  const explain = (message: string) => new Error(`${message}\n--- output of the app ---\n${output}`);

  const close = async () => {
    if (!ended) {
      ask({ ask: 'control', name: 'quit', args: [] }).catch(() => {});
      const deadline = setTimeout(() => child.kill('SIGKILL'), QUIT_DEADLINE_MS);
      await exited;
      clearTimeout(deadline);
    }
    const opened = await context?.catch(() => undefined);
    await opened?.context.close();
    if (sharedBrowser === undefined) await opened?.browser.close();
    if (ownUserData) await rm(userData, { recursive: true, force: true });
  };
  let closing: Promise<void> | undefined;
  const closeOnce = () => {
    closing ??= close();
    return closing;
  };

  return {
    userData,
    calls,
    waitForCall: (api, matches = () => true) =>
      until(`the call ${api}`, () => calls.find((call) => call.api === api && matches(call.args))),
    output: () => output,
    control: (name, ...args) => ask({ ask: 'control', name, args }) as never,
    async window() {
      await until('the window', () => calls.find((call) => call.api === 'window:ready-to-show'));
      const newest = [...windows.values()].at(-1);
      if (newest === undefined) throw explain('the app has no window');
      return (await newest).page;
    },
    blocked: () => blocked,
    exited,
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}

async function openContext(
  shared: Browser | undefined,
): Promise<{ browser: Browser; context: BrowserContext }> {
  const browser = shared ?? (await launchChromium());
  return { browser, context: await browser.newContext() };
}
