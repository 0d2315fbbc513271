// A pool nobody left a backend to, in the built window against a fake core: it is off while nobody asks it,
// and as bad as a pool that is down while requests come for it, wherever it is shown.
import { expect, it } from 'vitest';
import { boardScene, type Scene } from '../../support/fake-scene.ts';
import { openBoard } from '../../support/pool-board.ts';
import { rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

const REASON = 'Every backend is disabled: nothing takes new requests';

function askedScene(): Scene {
  const scene = boardScene();
  return { ...scene, rates: { ...scene.rates, legacy: 5 } };
}

it('is down in the rail, on the overview and in the title bar while it turns requests away', async () => {
  await using window = await suite.open({ scene: askedScene });
  const { page, core } = window;
  core.tick();
  await page.getByRole('navigation').getByRole('link', { name: 'Down legacy 0/2' }).waitFor();
  await page.getByRole('banner').getByText('Proxying · legacy has no backend').waitFor();
  await page.getByRole('main').getByRole('status').getByText('1 pool down').waitFor();
  const strip = page.getByRole('main').getByRole('row').nth(1);
  for (const text of ['legacy', '0 of 2', '100.0', REASON]) await strip.getByText(text).first().waitFor();

  // Nobody asks any more: what was turned away is still in the minute the page shows, then it is not.
  core.state.scene = { ...core.state.scene, rates: boardScene().rates };
  for (let second = 0; second < 30; second++) core.tick();
  await strip.getByText('0 of 2').waitFor();
  await page.getByRole('banner').getByText('Proxying · legacy has no backend').waitFor();
  for (let second = 0; second < 31; second++) core.tick();
  await page.getByRole('navigation').getByRole('link', { name: 'Off legacy off' }).waitFor();
  await page.getByRole('banner').getByText('Proxying · r42 applied').waitFor();
});

it('says on its board what it turned away, and why', async () => {
  await using window = await openBoard(suite, { scene: askedScene });
  const { page, core } = window;
  await page.getByRole('link', { name: /legacy/ }).click();
  core.tick();
  await page.getByText(/^\d+ requests turned away$/).waitFor();
  const header = page.getByRole('main').locator('header').first();
  await header.getByRole('img', { name: 'Down' }).waitFor();
  await page.getByText(REASON).waitFor();
  expect(await page.getByText('waiting for requests').count()).toBe(0);
});
