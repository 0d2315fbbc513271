// Tooltips of buttons, in the built window against a fake core: they come by pointer and by Tab, and are gone
// once their button was used, also when the dialog it led to gives the focus back.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { windowSuite } from '../../support/window-suite.ts';

const open = windowSuite();

const NAME = 'Edit route site';
const button = (page: Page) => page.getByRole('button', { name: NAME });
const tooltip = (page: Page) => page.getByRole('tooltip', { name: NAME });

it.each(['a click', 'Enter'] as const)('a tooltip is gone after the dialog that %s led to', async (way) => {
  await using window = await open('/listeners');
  const { page } = window;
  if (way === 'a click') await button(page).hover();
  else {
    await button(page).focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
  }
  await tooltip(page).waitFor();
  if (way === 'a click') await button(page).click();
  else await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  expect(await tooltip(page).count()).toBe(0);
  await page.clock.install();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await button(page).and(page.locator(':focus')).waitFor();
  await page.clock.runFor(2000);
  expect(await tooltip(page).count()).toBe(0);
});

it('a tooltip goes when its button can no longer be used', async () => {
  await using window = await open('/listeners');
  const { page } = window;
  await button(page).focus();
  await page.getByRole('button', { name: 'Move site up' }).hover();
  const tip = page.getByRole('tooltip', { name: /^Move site up/ });
  await tip.waitFor();
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByText('Moved route site up').waitFor();
  await tip.waitFor({ state: 'detached' });
});
