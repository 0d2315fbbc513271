// What an import and a roll back say before they replace the config, in the built window on a fake core: the
// changes are in view at once, what they take away comes first and is marked by more than colour.
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { windowSuite } from '../../support/window-suite.ts';

const open = windowSuite();

type Scripted = Awaited<ReturnType<typeof open>>;

/** The config of the scene with one backend gone and one weight changed. */
function shrunk({ core }: Scripted) {
  const config = structuredClone(core.state.config);
  const api = config.pools.find(({ name }) => name === 'api');
  if (api === undefined) throw new Error('the scene has the pool api');
  api.backends = api.backends.filter(({ name }) => name !== 'api-5');
  for (const backend of api.backends) backend.weight += 1;
  return config;
}

const openImport = async ({ page }: Scripted) => {
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a config' });
  return { dialog, text: dialog.getByLabel('Config', { exact: true }) };
};

const boxOf = async (locator: Locator) => {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not drawn');
  return box;
};

describe('the import', () => {
  it('has the focus in the field to paste into', async () => {
    await using window = await open('/revisions');
    const { text } = await openImport(window);
    await text.and(window.page.locator(':focus')).waitFor();
  });

  it.each([
    { width: 1024, height: 700 },
    { width: 683, height: 467 },
  ])(
    'shows what it removes within a window of $width × $height as soon as the text is sound',
    async (viewport) => {
      await using window = await open('/revisions', { viewport });
      const { dialog, text } = await openImport(window);
      await text.fill(JSON.stringify(shrunk(window), null, 2));
      const first = dialog.getByRole('region', { name: 'Changes' }).getByRole('listitem').first();
      await expect.poll(() => first.textContent()).toBe('− remove backend api/api-5');
      const [row, foot] = [await boxOf(first), await boxOf(dialog.locator('footer'))];
      expect(row.y + row.height).toBeLessThanOrEqual(foot.y);
      await dialog.getByText('5 changes, 1 of them removes something').waitFor();
      expect(await window.violations()).toEqual([]);
    },
  );

  it('gives the text its room back when it is no longer sound', async () => {
    await using window = await open('/revisions');
    const { dialog, text } = await openImport(window);
    const roomy = (await boxOf(text)).height;
    await text.fill(JSON.stringify(shrunk(window)));
    await expect.poll(async () => (await boxOf(text)).height).toBeLessThan(roomy / 2);
    await text.fill('{ "version": 1, ');
    await expect.poll(async () => (await boxOf(text)).height).toBe(roomy);
    expect(await dialog.getByRole('button', { name: 'Replace config' }).isDisabled()).toBe(true);
  });

  it('warns of a route that an earlier one never lets a request reach', async () => {
    await using window = await open('/revisions');
    const { dialog, text } = await openImport(window);
    const routes = [
      { name: 'all', pool: 'app' },
      { name: 'static', pool: 'app', match: { pathPrefix: '/static' } },
    ];
    const listeners = [{ name: 'web', port: 0, routes }];
    await text.fill(JSON.stringify({ version: 1, listeners, pools: [{ name: 'app' }] }));
    await dialog.getByText('Route web/static is never reached: route “all” comes first.').waitFor();
    expect(await window.violations()).toEqual([]);
    expect(await dialog.getByRole('button', { name: 'Replace config' }).isEnabled()).toBe(true);
  });
});

describe('a roll back', () => {
  it('marks what it removes, and keeps its buttons in view in a low window', async () => {
    await using window = await open('/revisions', { viewport: { width: 683, height: 467 } });
    const { page, core } = window;
    const pool = (name: string) => ({ pool: { name, backends: [] } as never });
    for (let i = 1; i <= 12; i++) await core.service.handlers['pools.add'](pool(`p${i}`), { author: 'cli' });
    await page.getByRole('button', { name: 'Roll back to r40' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Roll back to r40?' });
    await dialog.getByText(/^1\d changes, .* remove something/).waitFor();
    const items = await dialog.getByRole('listitem').allTextContents();
    expect(items).toContain('− remove pool p1');
    const press = await boxOf(dialog.getByRole('button', { name: 'Roll back to r40' }));
    expect(press.y + press.height).toBeLessThanOrEqual(467);
  });
});
