// Where the focus is after the palette, in the built window on a fake core: where the chosen command leads,
// else where it was before, however the palette was opened.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

const OPENINGS: [how: string, open: (page: Page) => Promise<void>][] = [
  ['the mouse', (page) => page.getByRole('button', { name: 'Search or run a command' }).click()],
  ['its key', (page) => page.keyboard.press('Control+k')],
];

const run = async (page: Page, query: string) => {
  await page.getByPlaceholder('Search or run a command').fill(query);
  await page.keyboard.press('Enter');
};
const focused = (page: Page) =>
  page.evaluate(
    '(({ tagName, textContent }) => tagName + " " + textContent.slice(0, 20))(document.activeElement)',
  );
/** Somewhere on the page, where the focus is before. */
const origin = (page: Page) => page.getByRole('main').getByRole('button', { name: 'Add listener' });

describe.each(OPENINGS)('the palette opened with %s', (_how, open) => {
  const opened = async () => {
    const window = await suite.open();
    const { page } = window;
    await origin(page).focus();
    await open(page);
    await page.getByRole('dialog', { name: 'Search or run a command' }).waitFor();
    return window;
  };

  it('gives the focus back when nothing was chosen', async () => {
    await using window = await opened();
    await window.page.keyboard.press('Escape');
    await origin(window.page).and(window.page.locator(':focus')).waitFor();
  });

  it('gives it back after an act that leads nowhere', async () => {
    await using window = await opened();
    await run(window.page, 'drain api-2');
    await origin(window.page).and(window.page.locator(':focus')).waitFor();
  });

  it('leads it to the page that was chosen, which the arrow keys scroll', async () => {
    await using window = await opened();
    const { page } = window;
    await run(page, 'revisions');
    await page.getByRole('heading', { level: 1, name: 'Revisions' }).waitFor();
    await page.getByRole('main').and(page.locator(':focus')).waitFor();
    // The next step is the first act of that page.
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('BUTTON Import…');
  });

  it.each([
    ['checks api-3', 'dialog'],
    ['remove api-3', 'alertdialog'],
    ['keyboard shortcuts', 'dialog'],
  ] as const)('leads it by "%s" into the %s, and back from there', async (query, role) => {
    await using window = await opened();
    const { page } = window;
    await run(page, query);
    await page.getByPlaceholder('Search or run a command').waitFor({ state: 'detached' });
    await page.getByRole(role).and(page.locator(':focus-within, :focus')).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole(role).waitFor({ state: 'detached' });
    await origin(page).and(page.locator(':focus')).waitFor();
  });
});

describe('the search button', () => {
  it('keeps the focus that came to it by Tab', async () => {
    await using window = await suite.open();
    const { page } = window;
    const button = page.getByRole('button', { name: 'Search or run a command' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Search or run a command' }).waitFor();
    await page.keyboard.press('Escape');
    await button.and(page.locator(':focus')).waitFor();
  });
});
