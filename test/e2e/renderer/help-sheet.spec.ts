// The sheet of keys in the built window on a fake core: every key by the place where it works, on whatever
// page it is opened; what does not work there is muted and says so in words.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { emptyScene } from '../../support/fake-scene.ts';
import { axeFindings, rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

/** Per heading what is listed below it. */
async function sections(page: Page): Promise<Record<string, string[]>> {
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.getByText('Go to the revisions').waitFor();
  const found: Record<string, string[]> = {};
  for (const section of await sheet.locator('section').all()) {
    const heading = await section.getByRole('heading').textContent();
    found[heading ?? ''] = await section.getByRole('listitem').allTextContents();
  }
  return found;
}

describe('the sheet of keys', () => {
  it('lists away from the board what works on the board, and says where', async () => {
    await using window = await suite.open({ hash: '#/revisions' });
    const found = await sections(window.page);
    expect(Object.keys(found)).toEqual([
      'Everywhere',
      'Pool board',
      'Pool board, with a row focused',
      'Listeners',
      'First run',
    ]);
    expect(found['Pool board']).toContain('Filter the backends/');
    const sheet = window.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('on the page of a pool').first().waitFor();
    await sheet.getByText('on the page of the listeners').waitFor();
    expect(await axeFindings(window.page)).toEqual([]);
  });

  it.each([
    ['the page of the listeners', { hash: '#/listeners' }, 'Listeners'],
    ['the first run', { hash: '#/', scene: emptyScene }, 'First run'],
  ])('knows the keys of %s as that has them', async (_page, options, group) => {
    await using window = await suite.open(options);
    const found = await sections(window.page);
    const section = window.page.getByRole('dialog').locator('section').filter({ hasText: group }).last();
    expect(await section.getByText('Works ').count()).toBe(0);
    await using away = await suite.open({ hash: '#/revisions' });
    expect(found).toEqual(await sections(away.page));
  });

  it('lists the same on the board, where the keys of the board are not said to be elsewhere', async () => {
    await using away = await suite.open({ hash: '#/revisions' });
    await using board = await suite.open({ hash: '#/pools/api' });
    await board.page.getByRole('row', { name: /api-1/ }).first().waitFor();
    const there = await sections(board.page);
    expect(there).toEqual(await sections(away.page));
    const sheet = board.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(await sheet.getByText('on the page of a pool').count()).toBe(0);
    await sheet.getByText('on the page of the listeners').waitFor();
  });
});

describe('the palette on the board', () => {
  const run = async (page: Page, query: string) => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Search or run a command').fill(query);
    await page.keyboard.press('Enter');
  };
  const focused = (page: Page) => page.locator(':focus');

  it('leads to the filter of the backends', async () => {
    await using window = await suite.open({ hash: '#/pools/api' });
    const { page } = window;
    await page.getByLabel('Filter backends').waitFor();
    await run(page, 'filter');
    await page.getByLabel('Filter backends').and(focused(page)).waitFor();
  });

  it('leads to the weight of a backend', async () => {
    await using window = await suite.open({ hash: '#/pools/api' });
    const { page } = window;
    await page.getByLabel('Filter backends').waitFor();
    await run(page, 'set weight of api-2');
    const dialog = page.getByRole('dialog', { name: 'Edit api-2' });
    await dialog.getByLabel('Weight').and(focused(page)).waitFor();
  });

  it('adds a listener whose first route leads to the pool on screen', async () => {
    await using window = await suite.open({ hash: '#/pools/web' });
    const { page } = window;
    await page.getByLabel('Filter backends').waitFor();
    await run(page, 'add listener');
    const dialog = page.getByRole('dialog', { name: 'Add a listener' });
    await dialog.getByRole('combobox', { name: 'First route' }).getByText('Everything to pool web').waitFor();
  });
});
