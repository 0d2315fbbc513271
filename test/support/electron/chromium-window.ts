// One window of the app as a Chromium page: the app's scheme is mapped to an https origin and answered by
// the app's own protocol handler, the shipping preload runs in an isolated world, and nothing else can be
// reached. Made by launch.ts for each BrowserWindow.
import { randomUUID } from 'node:crypto';
import type { BrowserContext, CDPSession, Page, Route } from 'playwright-core';
import { decodeValue, encodeValue } from './codec.ts';
import { isolatedWorldScript, mainWorldScript } from './page-scripts.ts';
import type { AssetAnswer, FrameFacts } from './wire.ts';

const WORLD = 'electron-preload';
const BINDING = '__electronSend';

/** What the page makes happen in the app. */
export interface WindowEvents {
  asset(method: string, url: string): Promise<AssetAnswer>;
  mayNavigate(url: string, byPage: boolean): Promise<boolean>;
  open(url: string): void;
  ipc(frame: FrameFacts, channel: string, args: unknown[]): void;
  loaded(url: string, error: string | undefined): void;
  /** It asked for something that is not the app's own; an app that stays on this machine never does. */
  blocked(url: string): void;
  pageError(text: string): void;
}

export interface ChromiumWindow {
  page: Page;
  load(url: string): Promise<void>;
  reload(): Promise<void>;
  send(channel: string, args: unknown[]): void;
  setVisible(visible: boolean): void;
  close(): Promise<void>;
}

/** `app://sluice/x` ⇄ `https://sluice.app.invalid/x`: Chromium lets nobody register a scheme from outside. */
function toPageUrl(url: string): string {
  const match = /^app:\/\/([^/]+)(.*)$/s.exec(url);
  return match === null ? url : `https://${match[1]}.app.invalid${match[2] === '' ? '/' : match[2]}`;
}

function toAppUrl(url: string): string {
  const match = /^https:\/\/([^/]+)\.app\.invalid(.*)$/s.exec(url);
  return match === null ? url : `app://${match[1]}${match[2]}`;
}

export async function openChromiumWindow(
  context: BrowserContext,
  options: { preload: string; width: number; height: number },
  events: WindowEvents,
): Promise<ChromiumWindow> {
  const page = await context.newPage();
  await page.setViewportSize({ width: options.width, height: options.height });
  const session = await context.newCDPSession(page);
  let loading = false;

  await page.route('**/*', async (route) => {
    const request = route.request();
    const url = toAppUrl(request.url());
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
      const byPage = !loading;
      loading = false;
      // Aborting, unlike blocking, leaves the document that is shown in place.
      if (!(await events.mayNavigate(url, byPage))) return route.abort('aborted');
    }
    if (url.startsWith('app:')) return fulfill(route, await events.asset(request.method(), url));
    events.blocked(url);
    return route.abort('blockedbyclient');
  });

  const preloadContext = await startPreload(session, options.preload, (channel, args) =>
    events.ipc({ url: toAppUrl(page.url()), isMain: true }, channel, args),
  );
  session.on('Page.windowOpen', ({ url }) => events.open(toAppUrl(url)));
  page.on('popup', (popup) => void popup.close().catch(() => {}));
  page.on('pageerror', (error) => events.pageError(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') events.pageError(message.text());
  });
  page.on('load', () => events.loaded(toAppUrl(page.url()), undefined));

  return {
    page,
    async load(url) {
      loading = true;
      await page.goto(toPageUrl(url)).catch((error: Error) => events.loaded(url, error.message));
    },
    async reload() {
      loading = true;
      await page.reload();
    },
    send(channel, args) {
      const contextId = preloadContext();
      // As in Electron, what is sent while no page listens is lost.
      if (contextId === undefined) return;
      const expression = `__electronReceive(${JSON.stringify(channel)}, ${JSON.stringify(encodeValue(args))})`;
      session.send('Runtime.evaluate', { contextId, expression }).catch(() => {});
    },
    setVisible(visible) {
      session.send('Runtime.evaluate', { expression: visibilityScript(visible) }).catch(() => {});
    },
    close: () => page.close(),
  };
}

/** Installs the preload and its binding; answers how to find the isolated world of the current document. */
async function startPreload(
  session: CDPSession,
  preload: string,
  onSend: (channel: string, args: unknown[]) => void,
): Promise<() => number | undefined> {
  const channel = `bridge-${randomUUID()}`;
  let contextId: number | undefined;
  const { frameTree } = await session.send('Page.getFrameTree');
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId } = context.auxData as { frameId?: string };
    if (context.name === WORLD && frameId === frameTree.frame.id) contextId = context.id;
  });
  session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    if (executionContextId === contextId) contextId = undefined;
  });
  session.on('Runtime.executionContextsCleared', () => {
    contextId = undefined;
  });
  session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name !== BINDING || executionContextId !== contextId) return;
    const message = JSON.parse(payload) as { channel: string; args: unknown };
    onSend(message.channel, decodeValue(message.args) as unknown[]);
  });
  await session.send('Page.enable');
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD });
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldScript(channel) });
  await session.send('Page.addScriptToEvaluateOnNewDocument', {
    source: isolatedWorldScript(channel, preload),
    worldName: WORLD,
  });
  return () => contextId;
}

async function fulfill(route: Route, answer: AssetAnswer): Promise<void> {
  await route.fulfill({ status: answer.status, headers: answer.headers, body: Buffer.from(answer.body) });
}

/** Headless Chromium shows every page; a hidden window's page must learn that it is hidden. */
function visibilityScript(visible: boolean): string {
  const state = visible ? 'visible' : 'hidden';
  return `Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${!visible} });
    document.dispatchEvent(new Event('visibilitychange'));`;
}
