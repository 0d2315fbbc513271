// What a form does when it is not saved, in the built window against a fake core:
// - the first wrong field on the screen has the focus, whoever refused it and in whatever order;
// - what does not fit together is said at the first save, beside what is wrong by itself.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { TIMERS_COME_LATE, windowSuite } from '../../support/window-suite.ts';

const open = windowSuite();

const focused = (page: Page) => page.locator(':focus');
const wrong = (page: Page, message: string) => page.getByRole('alert').getByText(message);

describe('a save that is refused', () => {
  it('has the focus at the first wrong field of the screen, at once', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.evaluate(TIMERS_COME_LATE);
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Add a backend to api' });
    await dialog.getByLabel('Address').fill('no address');
    await dialog.getByLabel('Weight').fill('1001');
    await page.keyboard.press('Enter');
    await wrong(page, 'Use a whole number from 0 to 1000').waitFor();
    await page.keyboard.type('3006');
    expect(await dialog.getByLabel('Address').inputValue()).toBe('3006');
    expect(await dialog.getByLabel('Weight').inputValue()).toBe('1001');
  });

  it('has it at the first on the screen also when the core named another one first', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Add a backend to api' });
    await dialog.getByLabel('Address').fill('127.0.0.1:8080');
    await dialog.getByLabel('Name').fill('api-1');
    await page.keyboard.press('Enter');
    await wrong(page, 'another backend is already called').waitFor();
    await wrong(page, 'is listener "web" itself').waitFor();
    await dialog.getByLabel('Address').and(focused(page)).waitFor();
  });

  it('has it at the address of a backend that another of the pool has', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Add a backend to api' });
    await dialog.getByLabel('Address').fill('3001');
    await dialog.getByLabel('Name').press('Enter');
    await wrong(page, 'Backend api-1 has the same address; use another one').waitFor();
    await dialog.getByLabel('Address').and(focused(page)).waitFor();
    expect(window.inputs('backends.add')).toEqual([]);
  });

  it('opens the folded section and puts the focus into its field', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.getByRole('button', { name: 'Edit pool' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit pool api' });
    await dialog.getByText('Keep-alive', { exact: true }).click();
    await dialog.getByLabel('Idle connections').fill('many');
    await dialog.getByText('Keep-alive', { exact: true }).click();
    await dialog.getByLabel('Name').press('Enter');
    await dialog.getByLabel('Idle connections').and(focused(page)).waitFor();
    await dialog.getByText('Use a whole number from 0 to 10000').waitFor();
  });
});

describe('the reason of a refusal', () => {
  it('is in view with its field, also where the field was below the fold', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.getByRole('button', { name: 'Edit pool' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit pool api' });
    await dialog.getByLabel('Interval', { exact: true }).fill('100');
    await dialog.getByLabel('Name').evaluate('(field) => field.scrollIntoView()');
    await dialog.getByRole('button', { name: 'Save pool' }).click();
    const message = wrong(page, 'Use at most the interval, 100 ms');
    const foot = await dialog.locator('footer').boundingBox();
    await expect
      .poll(async () => {
        const box = await message.boundingBox();
        return box === null || foot === null ? Number.NaN : foot.y - box.y - box.height;
      })
      .toBeGreaterThan(0);
    await dialog.getByLabel('Timeout', { exact: true }).and(focused(page)).waitFor();
  });
});

describe('the first save', () => {
  it('names what does not fit together in a pool beside what is wrong by itself', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.getByRole('button', { name: 'Edit pool' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit pool api' });
    await dialog.getByLabel('Timeout', { exact: true }).fill('9000');
    await dialog.getByText('Keep-alive', { exact: true }).click();
    await dialog.getByLabel('Idle connections').fill('many');
    await page.keyboard.press('Enter');
    await wrong(page, 'Use a whole number from 0 to 10000').waitFor();
    await wrong(page, 'Use at most the interval, 2000 ms').waitFor();
    await dialog.getByLabel('Timeout', { exact: true }).and(focused(page)).waitFor();
    expect(window.inputs('pools.update')).toEqual([]);
  });

  it('says no longer what the other of two fields has put right', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.getByRole('button', { name: 'Edit pool' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit pool api' });
    await dialog.getByLabel('Timeout', { exact: true }).fill('9000');
    await page.keyboard.press('Enter');
    await wrong(page, 'Use at most the interval, 2000 ms').waitFor();
    await dialog.getByLabel('Interval', { exact: true }).fill('9000');
    await wrong(page, 'Use at most the interval').waitFor({ state: 'detached' });
    await dialog.getByLabel('Interval', { exact: true }).fill('8000');
    await wrong(page, 'Use at most the interval, 8000 ms').waitFor();
  });

  it('says no longer that a certificate has the name of another that was renamed', async () => {
    await using window = await open('/listeners');
    const { page } = window;
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Add a listener' });
    await dialog.getByLabel('Protocol').click();
    await page.getByRole('option', { name: /https/i }).click();
    await dialog.getByRole('button', { name: 'Add certificate' }).click();
    const names = dialog.getByLabel('Certificate name');
    await names.last().fill('local');
    await names.last().press('Enter');
    await wrong(page, 'Another certificate is already called "local"').waitFor();
    await names.first().fill('first');
    await wrong(page, 'Another certificate is already called').waitFor({ state: 'detached' });
  });

  it('is preceded by a word at the hosts of a certificate that leave localhost out', async () => {
    await using window = await open('/listeners');
    const { page } = window;
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Add a listener' });
    await dialog.getByLabel('Protocol').click();
    await page.getByRole('option', { name: /https/i }).click();
    await dialog.getByText('Opens as https://localhost:8443', { exact: true }).waitFor();
    await dialog.getByLabel('Hosts').fill('foo bar');
    await dialog.getByText('localhost is not among them, so clients refuse https://localhost.').waitFor();
    await dialog.getByText('2 names: foo, bar.').waitFor();
    await dialog.getByText('which clients refuse: no certificate is for localhost').waitFor();
    expect(await window.violations()).toEqual([]);
  });

  it('names it in the first run too', async () => {
    await using window = await open('/', { scene: 'empty' });
    const { page } = window;
    await page.getByLabel('First server').fill('3001');
    await page.getByLabel('Second server').fill('127.0.0.1:3001');
    await page.getByLabel('Open on port').fill('none');
    await page.keyboard.press('Enter');
    await page.getByText('The first server has the same address').waitFor();
    await page.getByLabel('Second server').and(focused(page)).waitFor();
    expect(await page.getByLabel('Open on port').getAttribute('aria-invalid')).toBe('true');
  });
});
