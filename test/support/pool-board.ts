// What the e2e tests of the pool board share: opening it, finding its parts, reading what the fake
// core was told.
import type { Page } from 'playwright-core';
import { findBackend } from '../../src/main/app/edits.ts';
import { fakeAdminOf } from './fake-configuration.ts';
import type { FakeCore } from './fake-core.ts';
import { boardScene, type Scene } from './fake-scene.ts';
import type { RendererSuite, WindowOptions } from './renderer-window.ts';

export async function openBoard(suite: RendererSuite, options: WindowOptions = {}) {
  const window = await suite.open({ hash: '#/pools/api', ...options });
  await window.page.getByRole('heading', { level: 1, name: 'api' }).waitFor();
  return window;
}

export const row = (page: Page, name: string) => page.locator(`[data-row="${name}"]`);
export const rowNames = (page: Page) =>
  page.evaluate('[...document.querySelectorAll("[data-row]")].map((row) => row.dataset.row)');
export const focusedRow = (page: Page) => page.evaluate('document.activeElement.dataset.row ?? null');
export const focusedLabel = (page: Page) =>
  page.evaluate('document.activeElement.getAttribute("aria-label")');
export const handle = (page: Page, left: string, right: string) =>
  page.getByRole('slider', { name: `Split between ${left} and ${right}` });

export function weightsOf(core: FakeCore): Record<string, number> {
  const pool = core.state.config.pools.find(({ name }) => name === 'api');
  return Object.fromEntries((pool?.backends ?? []).map(({ name, weight }) => [name, weight]));
}
export const adminOf = (core: FakeCore, backend: string) =>
  fakeAdminOf(core.state, 'api', findBackend(core.state.config, 'api', backend));
export const commandsOf = (core: FakeCore, operation: string) =>
  core.calls.filter((call) => call.operation === operation).map(({ input }) => input);

export function sceneWith(backends: Scene['config']['pools'] extends (infer P)[] | undefined ? P : never) {
  return (): Scene => {
    const scene = boardScene();
    const pools = (scene.config.pools ?? []).map((pool) =>
      pool.name === 'api' ? { ...pool, ...backends } : pool,
    );
    return { ...scene, config: { ...scene.config, pools } };
  };
}
