// The built window in Chromium with a fake core behind it, one per test: what the person sees and what
// the core was asked. Disposing closes the page and the host.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { createFakeCore, type FakeCore } from './fake-core.ts';
import { boardScene, emptyScene } from './fake-scene.ts';
import { type BuiltRenderer, hostRenderer } from './renderer-host.ts';

export interface ScriptedWindow extends AsyncDisposable {
  page: Page;
  core: FakeCore;
  /** Inputs the core was given for one operation, in order. */
  inputs(operation: string): unknown[];
  /** What axe finds wrong, one line each. */
  violations(): Promise<string[]>;
}

export interface WindowOptions {
  /** Part of the URL after "#". */
  at: string;
  scene?: 'board' | 'empty';
  colorScheme?: 'dark' | 'light';
  viewport?: { width: number; height: number };
}

export async function openScriptedWindow(
  browser: Browser,
  built: BuiltRenderer,
  { at, scene = 'board', colorScheme = 'dark', viewport = { width: 1440, height: 900 } }: WindowOptions,
): Promise<ScriptedWindow> {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const core = createFakeCore(scene === 'empty' ? emptyScene() : boardScene(), now);
  const host = await hostRenderer(built.dir, core);
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${host.url}#${at}`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return {
    page,
    core,
    inputs: (operation) =>
      core.calls.filter((call) => call.operation === operation).map(({ input }) => input),
    async violations() {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    },
    async [Symbol.asyncDispose]() {
      await context.close();
      await host[Symbol.asyncDispose]();
      if (errors.length > 0) throw new Error(`the page threw: ${errors.join('; ')}`);
    },
  };
}
