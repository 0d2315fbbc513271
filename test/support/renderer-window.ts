// Opens the built window in Chromium on a fake core, for the window's e2e tests. One build and one browser
// per test file; every test gets a core, a host and a page of its own.
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { createFakeCore, type FakeCore } from './fake-core.ts';
import { boardScene, type Scene } from './fake-scene.ts';
import { type BuiltRenderer, hostRenderer, type RendererHost } from './renderer-host.ts';
import { stageOfFile } from './window-suite.ts';

export interface WindowOptions {
  /** Default: the board scene. */
  scene?: () => Scene;
  hash?: string;
  /** Default true; false leaves the token to the link. */
  tokenInPage?: boolean;
  colorScheme?: 'dark' | 'light';
  viewport?: { width: number; height: number };
}

export interface TestWindow extends AsyncDisposable {
  page: Page;
  core: FakeCore;
  host: RendererHost;
  /** What the page wrote to the console as an error, and what it threw. */
  errors: string[];
}

export interface RendererSuite {
  open(options?: WindowOptions): Promise<TestWindow>;
}

/** Called once at the top of a spec file. */
export function rendererSuite(): RendererSuite {
  const stage = stageOfFile();
  return {
    open: (options = {}) => {
      const { browser, built } = stage();
      return openWindow(browser, built, options);
    },
  };
}

async function openWindow(
  browser: Browser,
  built: BuiltRenderer,
  options: WindowOptions,
): Promise<TestWindow> {
  const {
    scene = boardScene,
    hash = '#/',
    colorScheme = 'dark',
    viewport = { width: 1440, height: 900 },
  } = options;
  const now = Math.floor(Date.now() / 1000) * 1000;
  const core = createFakeCore(scene(), now);
  const host = await hostRenderer(built.dir, core, { tokenInPage: options.tokenInPage ?? true });
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${host.url}${hash}`);
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  return {
    page,
    core,
    host,
    errors,
    async [Symbol.asyncDispose]() {
      await context.close();
      await host[Symbol.asyncDispose]();
    },
  };
}

/** What axe finds, one line each: rule, help and the first place. */
export async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, help, nodes }) => `${id}: ${help} at ${nodes[0]?.target.join(' ')}`);
}
