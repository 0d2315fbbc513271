// What the pool board says of failures that were retried, in the built window against a fake core: that no
// client noticed while all of them were, how many at which backend, and nothing moves or is cut off for it.
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { FakeCore } from '../../support/fake-core.ts';
import { openBoard, row } from '../../support/pool-board.ts';
import { rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
];

/** Sizes of an element; these tests are typed without a DOM. */
type Box = Record<'clientWidth' | 'scrollWidth', number>;

const errors = (page: Page) => page.getByRole('region', { name: 'Errors' });
const heading = (page: Page) => errors(page).getByRole('heading');

/** Of each request so many percent fail at "api-1" and go to another backend; nothing fails elsewhere. */
function failing(core: FakeCore, serverErrorPct: number, retriedPct: number): void {
  core.script('api', 'api-1', { health: [{ agoMs: 0, health: 'up' }], serverErrorPct, retriedPct });
  for (const name of ['api-2', 'api-3']) core.script('api', name, { health: [{ agoMs: 0, health: 'up' }] });
  core.tick();
}

async function isWhole(text: Locator): Promise<boolean> {
  const { clientWidth, scrollWidth } = await text.evaluate((element) => {
    const box = element as unknown as Box;
    return { clientWidth: box.clientWidth, scrollWidth: box.scrollWidth };
  });
  return clientWidth > 0 && scrollWidth <= clientWidth;
}

describe.each(SIZES)('at $width × $height', (viewport) => {
  it('a pool whose failures were all retried says that no client noticed', async () => {
    await using window = await openBoard(suite, { viewport });
    const { page, core } = window;
    failing(core, 2, 2);
    await heading(page).getByText('all retried').waitFor();
    expect(await isWhole(heading(page))).toBe(true);
    const title = (await heading(page).getAttribute('title')) ?? '';
    expect(title).toMatch(
      /^(.+) failed in the last minute, all \1 retried on another backend: no client noticed\. /,
    );
    await errors(page).getByText('no client noticed.').waitFor({ state: 'attached' });
  });

  it('one of whose failures some were retried says how many, and does not say that', async () => {
    await using window = await openBoard(suite, { viewport });
    const { page, core } = window;
    failing(core, 2, 1);
    await heading(page)
      .getByText(/^.*\d retried$/)
      .waitFor();
    expect(await isWhole(heading(page))).toBe(true);
    expect(await heading(page).getAttribute('title')).toMatch(
      /^.+ failed in the last minute, \d.* retried on/,
    );
    expect(await errors(page).getByText('no client noticed').count()).toBe(0);
  });

  it('a backend tells it in its row, and nothing moves for it', async () => {
    await using window = await openBoard(suite, { viewport });
    const { page, core } = window;
    const boxes = () =>
      page.evaluate(
        '[...document.querySelectorAll("[data-row], [role=columnheader]")].map((each) => [each.offsetLeft, each.offsetWidth, each.offsetHeight])',
      );
    failing(core, 0, 0);
    await row(page, 'api-3')
      .getByText(/^Up \d/)
      .waitFor();
    const before = await boxes();
    failing(core, 3, 3);
    const said = row(page, 'api-1').getByText(/ attempts failed · [\d ]+ retried on another backend$/u);
    await said.waitFor();
    expect(await isWhole(said)).toBe(true);
    expect(await boxes()).toEqual(before);
  });
});

it('a backend that failed tells it beside its share of errors too', async () => {
  await using window = await openBoard(suite);
  const { page, core } = window;
  failing(core, 100, 100);
  const cell = row(page, 'api-1').getByText('100.0', { exact: true });
  await cell.waitFor();
  expect(await cell.getAttribute('title')).toMatch(
    /^(.+) failed in the last minute, all \1 retried on another backend/,
  );
});

it('a pool without failures says nothing of retries', async () => {
  await using window = await openBoard(suite);
  const { page, core } = window;
  failing(core, 0, 0);
  await heading(page).getByText('5xx · 4xx', { exact: true }).waitFor();
  expect(await page.getByRole('main').getByText('retried').count()).toBe(0);
  expect(await heading(page).getAttribute('title')).toMatch(/^Attempts at backends/);
});
