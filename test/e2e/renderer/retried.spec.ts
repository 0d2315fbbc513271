// What the pool board says of failures that were retried, in the built window against a fake core: how many of
// the last minute, at which backend, and nothing moves or is cut off for it.
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
  it('a pool whose failures were all retried says so of the last minute, and nothing of clients', async () => {
    await using window = await openBoard(suite, { viewport });
    const { page, core } = window;
    failing(core, 2, 2);
    const note = errors(page).getByText(/^5xx, last min: all [\d.]+k? retried$/);
    await note.waitFor();
    expect(await isWhole(note)).toBe(true);
    expect(await isWhole(heading(page))).toBe(true);
    const title = (await heading(page).getAttribute('title')) ?? '';
    expect(title).toMatch(/^(.+) failed in the last minute, all \1 retried on another backend\. Attempts at/);
    await errors(page)
      .getByText(/retried on another backend\.$/)
      .waitFor({ state: 'attached' });
  });

  it('one of whose failures some were retried says how many of how many', async () => {
    await using window = await openBoard(suite, { viewport });
    const { page, core } = window;
    failing(core, 2, 1);
    const note = errors(page).getByText(/^5xx, last min: [\d.]+k? of [\d.]+k? retried$/);
    await note.waitFor();
    expect(await isWhole(note)).toBe(true);
    expect(await heading(page).getAttribute('title')).toMatch(
      /^.+ failed in the last minute, \d.* retried on/,
    );
  });

  it('a backend tells it in its row, and nothing moves for it', async () => {
    await using window = await openBoard(suite, { viewport });
    const { page, core } = window;
    const boxes = () =>
      page.evaluate(
        '[...document.querySelectorAll("[data-row], [role=columnheader], section header, section h2")].map((each) => [each.offsetLeft, each.offsetWidth, each.offsetHeight])',
      );
    failing(core, 0, 0);
    await row(page, 'api-3')
      .getByText(/^Up \d/)
      .waitFor();
    const before = await boxes();
    failing(core, 3, 3);
    const said = row(page, 'api-1').getByText(/ attempts failed · [\d.]+k? retried on another backend$/);
    await said.waitFor();
    expect(await isWhole(said)).toBe(true);
    expect(await boxes()).toEqual(before);
  });
});

it('a backend tells it beside its share of errors too, and no more retries than failures', async () => {
  await using window = await openBoard(suite);
  const { page, core } = window;
  // A retry is counted a moment after its failure, and so leaves the minute after it.
  failing(core, 100, 101);
  const cell = row(page, 'api-1').getByText('100.0', { exact: true });
  await cell.waitFor();
  expect(await cell.getAttribute('title')).toMatch(
    /^(.+) failed in the last minute, all \1 retried on another backend(?: · .+)?$/,
  );
});

it('a pool without failures says nothing of retries', async () => {
  await using window = await openBoard(suite);
  const { page, core } = window;
  failing(core, 0, 0);
  await row(page, 'api-3')
    .getByText(/^Up \d/)
    .waitFor();
  expect(await page.getByRole('main').getByText('retried').count()).toBe(0);
  expect(await heading(page).getAttribute('title')).toMatch(/^Attempts at backends/);
});
