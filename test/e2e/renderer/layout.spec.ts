// What is whole in narrow windows and beside long names, in the built window against a fake core.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { boardScene, type Scene } from '../../support/fake-scene.ts';
import { openBoard, row, sceneWith } from '../../support/pool-board.ts';
import { axeFindings, rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

const LONG = 'a-pool-or-backend-with-a-name-of-fifty-two-letters-or-so';

/** Pools as the overview lists them: short names beside long addresses, and a long name. */
function poolsScene(): Scene {
  const scene = boardScene();
  const pools = ['app-2', 'empty', LONG].map((name) => ({ name }));
  const routes = pools.map(({ name }) => ({ name, match: { pathPrefix: `/${name}` }, pool: name }));
  const [listener, ...rest] = scene.config.listeners ?? [];
  if (listener === undefined) throw new Error('the scene has a listener');
  return {
    ...scene,
    config: {
      ...scene.config,
      pools: [...(scene.config.pools ?? []), ...pools],
      listeners: [{ ...listener, routes: [...routes, ...(listener.routes ?? [])] }, ...rest],
    },
  };
}

const headingBox = async (page: Page, heading: string) => {
  const box = await page.getByRole('columnheader').getByText(heading, { exact: true }).boundingBox();
  if (box === null) throw new Error(`${heading} is not shown`);
  return box;
};

/** Where the text itself lies, without the room around it; a string, for it runs in the page. */
const headingText = (page: Page, heading: string) =>
  page.evaluate(
    `(() => {
      const range = document.createRange();
      range.selectNodeContents([...document.querySelectorAll('th')].find((each) => each.textContent === '${heading}'));
      const { left, right } = range.getBoundingClientRect();
      return { left, right };
    })()`,
  ) as Promise<{ left: number; right: number }>;

describe('the overview at 1024 px', () => {
  it('shows short names whole beside long addresses', async () => {
    await using window = await suite.open({ scene: poolsScene, viewport: { width: 1024, height: 700 } });
    const { page } = window;
    await page.getByText('http://localhost:8080/app-2').waitFor({ state: 'attached' });
    const cut = await page.evaluate(
      '[...document.querySelectorAll("main th a")].filter((link) => link.scrollWidth > link.clientWidth).map((link) => link.textContent)',
    );
    expect(cut).toEqual([LONG]);
  });
});

describe('the overview at 683 px', () => {
  it('has a column for the names', async () => {
    await using window = await suite.open({ viewport: { width: 683, height: 467 } });
    const { page } = window;
    await page.getByRole('main').getByRole('link', { name: 'postgres' }).waitFor();
    const [pool, serving] = [await headingBox(page, 'Pool'), await headingBox(page, 'Serving')];
    expect(serving.x - pool.x).toBeGreaterThan(100);
  });

  it('leaves room between its last figure and the border', async () => {
    await using window = await suite.open({ viewport: { width: 683, height: 467 } });
    const { page } = window;
    await page.getByRole('main').getByRole('link', { name: 'postgres' }).waitFor();
    const errors = await headingText(page, 'Errors %');
    const panel = await page.getByRole('region', { name: 'Pools' }).boundingBox();
    expect((panel?.x ?? 0) + (panel?.width ?? 0) - errors.right).toBeGreaterThanOrEqual(14);
  });
});

describe.each([
  [1440, 900],
  [1024, 700],
  [683, 467],
])('the title bar at %d px', (width, height) => {
  it('keeps the search in its place when a pool has no backend', async () => {
    await using window = await suite.open({ viewport: { width, height } });
    const { page, core } = window;
    const search = page.getByRole('banner').getByRole('button');
    await page.getByText('Proxying · r42 applied').waitFor();
    const before = await search.boundingBox();
    for (const name of ['web-1', 'web-2']) {
      core.script('web', name, { health: [{ agoMs: 0, health: 'down' }], cause: 'not listening' });
    }
    await page.getByText('Proxying · web has no backend').waitFor();
    expect(await search.boundingBox()).toEqual(before);
  });
});

describe('the overview at 1440 px', () => {
  it('says how high its lines of traffic can go, beside them', async () => {
    await using window = await suite.open();
    const api = window.page.getByRole('main').getByRole('row', { name: /http:.*\/api/ });
    const line = api.getByRole('img', { name: 'Requests per second of api, last 2 minutes, 0 to 900' });
    const [drawn, figure] = [
      await line.boundingBox(),
      await api.getByText('900', { exact: true }).boundingBox(),
    ];
    expect(figure?.x).toBeGreaterThan((drawn?.x ?? 0) + (drawn?.width ?? 0));
  });
});

/** Scrolled sideways or cut off, without what is for screen readers; a string, for it runs in the page. */
const CUT_OFF = `[document.documentElement, ...document.querySelectorAll('main, main *:not(thead, thead *, .sr-only, .sr-only *)')]
  .filter((box) => getComputedStyle(box).display !== 'inline' && box.scrollWidth > box.clientWidth)
  .map((box) => box.tagName + ' ' + box.textContent.slice(0, 60))`;

/** What ends right of the page although nothing scrolls. */
const OUTSIDE = `(() => {
  const edge = document.querySelector('main').getBoundingClientRect().right;
  return [...document.querySelectorAll('main *')]
    .filter((box) => box.getBoundingClientRect().right > edge).map((box) => box.textContent.slice(0, 60));
})()`;

describe.each([
  [683, 467],
  [819, 560],
  [960, 600],
])('at %d × %d', (width, height) => {
  it.each([
    ['listeners', 'Remove route api'],
    ['revisions', 'Roll back to r40'],
  ])('the %s have no sideways scrolling, and nothing of them is cut off', async (place, act) => {
    await using window = await suite.open({ hash: `#/${place}`, viewport: { width, height } });
    const { page, core } = window;
    core.setListener('store', {
      state: 'failed',
      error: 'port 8090 of 127.0.0.1 is already in use (EADDRINUSE)',
    });
    await page.getByText('1 failed').waitFor();
    await page.getByRole('button', { name: act }).waitFor();
    expect(await page.evaluate(CUT_OFF)).toEqual([]);
    expect(await page.evaluate(OUTSIDE)).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: act }).click();
    await page.getByRole('alertdialog').waitFor();
  });
});

describe('the board', () => {
  it('shows the address whole beside a long name', async () => {
    await using window = await suite.open({
      scene: poolsScene,
      hash: `#/pools/${LONG}`,
      viewport: { width: 1024, height: 700 },
    });
    const { page } = window;
    const url = page
      .getByRole('main')
      .getByRole('button', { name: `http://localhost:8080/${LONG.slice(0, 4)}` });
    await url.waitFor();
    expect((await url.boundingBox())?.width).toBeGreaterThan(150);
  });

  it('at 960 px leaves room between the last figure and the switch', async () => {
    await using window = await openBoard(suite, { viewport: { width: 960, height: 600 } });
    const { page } = window;
    await row(page, 'api-1').waitFor();
    const [actual, on] = [await headingBox(page, 'Actual'), await headingBox(page, 'On')];
    expect(on.x - (actual.x + actual.width)).toBeGreaterThanOrEqual(6);
  });

  it.each([
    [1440, 900],
    [1024, 700],
  ])('at %d px leaves room between a weight and a target of 100 %%', async (width, height) => {
    const backends = [{ name: 'a', address: '127.0.0.1:3001', weight: 100 }];
    const scene = sceneWith({ name: 'api', backends });
    await using window = await openBoard(suite, { scene, viewport: { width, height } });
    const { page } = window;
    const weight = await row(page, 'a').locator('[data-weight-input]').boundingBox();
    const target = await row(page, 'a').getByText('100.0%').first().boundingBox();
    expect((target?.x ?? 0) - (weight?.x ?? 0) - (weight?.width ?? 0)).toBeGreaterThanOrEqual(14);
  });

  it('at 683 px scrolls its table sideways in a box of its own, not the page', async () => {
    await using window = await openBoard(suite, { viewport: { width: 683, height: 467 } });
    const { page, core } = window;
    const health = [{ agoMs: 0, health: 'up' as const }];
    core.script('api', 'api-1', { health, serverErrorPct: 9, retriedPct: 9 });
    core.tick();
    const said = row(page, 'api-1').getByText(/ requests · .+ retried on another backend$/);
    await said.waitFor();
    const [main, section, box] = (await page.evaluate(
      `(() => {
        const box = document.querySelector('[role="grid"]').parentElement;
        return [document.querySelector('main'), box.parentElement, box].map((each) => each.scrollWidth - each.clientWidth);
      })()`,
    )) as number[];
    expect([main, section]).toEqual([0, 0]);
    expect(box).toBeGreaterThan(0);
    // What a row says under its figures is read without scrolling.
    const before = await said.boundingBox();
    expect((before?.x ?? 0) + (before?.width ?? 0)).toBeLessThanOrEqual(683 - 18);
    await page.evaluate(`document.querySelector('[role="grid"]').parentElement.scrollTo(9999, 0)`);
    await expect.poll(async () => (await said.boundingBox())?.x).toBe(before?.x);
  });

  it('at 683 px keeps every act within the window', async () => {
    await using window = await openBoard(suite, { viewport: { width: 683, height: 467 } });
    const { page } = window;
    const add = await page.getByRole('main').getByRole('button', { name: 'Add backend' }).boundingBox();
    expect((add?.x ?? 0) + (add?.width ?? 0)).toBeLessThanOrEqual(683);
    await page.getByRole('button', { name: 'More for api' }).click();
    await page.getByRole('menuitem', { name: 'Edit…' }).click();
    await page.getByRole('dialog', { name: /Edit pool/ }).waitFor();
  });

  it('moves nothing in a row whose backend goes down', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await row(page, 'api-2').getByText('Up 41m').waitFor();
    const places = () =>
      page.evaluate(
        `[...document.querySelectorAll('[data-row="api-2"] [role="gridcell"]')]
          .slice(2, 12).map((cell) => cell.getBoundingClientRect().y)`,
      );
    const before = await places();
    core.script('api', 'api-2', { health: [{ agoMs: 0, health: 'down' }], cause: 'not listening' });
    await row(page, 'api-2').getByText('not listening').waitFor();
    expect(await places()).toEqual(before);
  });

  it('shows the share and the address of a backend with a long name', async () => {
    const backends = [
      { name: LONG, address: '127.0.0.1:3001', weight: 40 },
      { name: 'b', address: '127.0.0.1:3002', weight: 60 },
    ];
    await using window = await openBoard(suite, { scene: sceneWith({ name: 'api', backends }) });
    const { page } = window;
    await page.getByTestId('split-target').locator('[aria-hidden="true"]').getByText('40 %').waitFor();
    const address = await row(page, LONG).getByText('127.0.0.1:3001').boundingBox();
    expect(address?.width).toBeGreaterThan(80);
  });
});
