// https:// before the address of a backend, in the built window against a fake core:
// - a new pool speaks HTTPS when every address says so, and the form says it;
// - addresses that contradict each other or the pool are refused at their field, with the fix.
import { expect, it } from 'vitest';
import { windowSuite } from '../../support/window-suite.ts';

const open = windowSuite();

const SPEAKS_HTTPS = 'Speaks HTTPS to the backends; their certificates are verified.';

it('the first run splits two HTTPS servers over TLS', async () => {
  await using window = await open('/', { scene: 'empty' });
  const { page, core } = window;
  const second = page.getByLabel('Second server');
  await page.getByLabel('First server').fill('https://localhost:3000/');
  await second.fill('3001');
  expect(await page.getByText(SPEAKS_HTTPS).count()).toBe(0);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('a pool speaks one protocol to its backends').waitFor();
  // What was typed keeps its scheme once it is left.
  expect(await page.getByLabel('First server').inputValue()).toBe('https://localhost:3000');
  await second.fill('https://b.test');
  await page.getByText(SPEAKS_HTTPS).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'app' }).waitFor();
  expect(core.state.config.pools[0]).toMatchObject({
    tls: { verify: true },
    backends: [{ address: 'localhost:3000' }, { address: 'b.test:443' }],
  });
});

it('a new pool of HTTPS backends switches TLS on, and off again with the scheme', async () => {
  await using window = await open('/');
  const { page } = window;
  await page.getByRole('main').getByRole('button', { name: 'New pool' }).click();
  const dialog = page.getByRole('dialog', { name: 'New pool' });
  const lines = dialog.getByLabel('Backends');
  await lines.fill('https://a.test 90\n3002');
  await dialog.getByRole('alert').getByText('line 1 says https://').waitFor();
  await lines.fill('https://a.test\nhttps://b.test:8443');
  await dialog.getByText(SPEAKS_HTTPS).waitFor();
  await dialog.getByText('Encryption to backends').click();
  const overTls = dialog.getByRole('checkbox', { name: 'Connect over TLS' });
  expect(await overTls.getAttribute('aria-checked')).toBe('true');
  await lines.fill('3001');
  await dialog.getByText(SPEAKS_HTTPS).waitFor({ state: 'detached' });
  expect(await overTls.getAttribute('aria-checked')).toBe('false');

  await lines.fill('https://a.test\nhttps://b.test:8443');
  await dialog.getByText(SPEAKS_HTTPS).waitFor();
  await overTls.click();
  await dialog.getByRole('alert').getByText('"Connect over TLS" is off').waitFor();
  await page.keyboard.press('Control+Enter');
  await dialog.getByRole('alert').getByText('"Connect over TLS" is off').waitFor();
  expect(window.inputs('pools.add')).toEqual([]);
  await overTls.click();
  await dialog.getByRole('button', { name: 'Add pool with 2 backends' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(window.inputs('pools.add')).toMatchObject([
    { pool: { tls: { verify: true }, backends: [{ address: 'a.test:443' }, { address: 'b.test:8443' }] } },
  ]);
});

it('a backend with another scheme than its pool is refused with the fix, and taken once it fits', async () => {
  await using window = await open('/pools/api');
  const { page, core } = window;
  await page.keyboard.press('a');
  const dialog = page.getByRole('dialog', { name: 'Add a backend to api' });
  const address = dialog.getByLabel('Address');
  await address.fill('https://a.test/app');
  await page.keyboard.press('Enter');
  await dialog.getByRole('alert').getByText('an address holds no path').waitFor();
  await address.fill('https://a.test');
  await page.keyboard.press('Enter');
  const fix = 'this pool speaks HTTP to its backends; turn on HTTPS in Edit pool';
  await dialog.getByRole('alert').getByText(fix).waitFor();
  expect(window.inputs('backends.add')).toEqual([]);

  const { backends: _, ...settings } = core.state.config.pools[0]!;
  await core.service.handlers['pools.update'](
    { name: 'api', pool: { ...settings, tls: { verify: true } } },
    { author: 'cli' },
  );
  await dialog.getByText('The pool speaks HTTPS to it.').waitFor();
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(window.inputs('backends.add')).toMatchObject([{ backend: { address: 'a.test:443' } }]);
});
