// The forms in the built window against a fake core:
// - what is typed reaches the core as config, and can be undone;
// - what is refused, here or there, stands beside its field and nothing is lost;
// - a change that came first is said, never overwritten in silence;
// - every dialog works from the keyboard and gives the focus back.
import { describe, expect, it } from 'vitest';
import { TIMERS_COME_LATE, windowSuite } from '../../support/window-suite.ts';

const open = windowSuite();

const caller = { author: 'cli' as const };

describe('the backend form', () => {
  it('adds a backend from the keyboard alone, and the undo takes it back', async () => {
    await using window = await open('/pools/api');
    const { page, core } = window;
    await page.keyboard.press('a');
    await page.getByRole('dialog', { name: 'Add a backend to api' }).waitFor();
    await page.keyboard.type('3006');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(window.inputs('backends.add')).toEqual([
      {
        pool: 'api',
        backend: { name: 'api-6', address: '127.0.0.1:3006', weight: 42, state: 'enabled', role: 'primary' },
      },
    ]);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('Undone: Added api-6 to api').waitFor();
    expect(core.state.config.pools[0]?.backends.map(({ name }) => name)).not.toContain('api-6');
  });

  it('takes what is typed as soon as it is there', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.evaluate(TIMERS_COME_LATE);
    await page.keyboard.press('a');
    await page.getByRole('dialog', { name: 'Add a backend to api' }).waitFor();
    await page.keyboard.type('3006');
    expect(await page.getByRole('dialog').getByLabel('Address').inputValue()).toBe('3006');
  });

  it('shows what it refuses beside the field and sends nothing', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('no address');
    await dialog.getByLabel('Weight').fill('1001');
    await dialog.getByRole('button', { name: 'Add backend' }).click();
    await dialog.getByRole('alert').getByText('use host:port, for example').waitFor();
    await dialog.getByRole('alert').getByText('Use a whole number from 0 to 1000').waitFor();
    expect(await dialog.getByLabel('Address').getAttribute('aria-invalid')).toBe('true');
    expect(window.inputs('backends.add')).toEqual([]);
  });

  it('shows what the core refuses beside the field it is about', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.keyboard.press('a');
    await page.getByLabel('Address').fill('3006');
    await page.getByLabel('Name').fill('api-1');
    await page.keyboard.press('Enter');
    await page.getByText('another backend is already called "api-1"').waitFor();
    expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Name').fill('fresh');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(window.inputs('backends.add')).toHaveLength(2);
  });

  it('says that another change came first and takes it over on Reload', async () => {
    await using window = await open('/pools/api');
    const { page, core } = window;
    await page.getByText('127.0.0.1:3001').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Edit api-1' });
    await dialog.waitFor();
    await core.service.handlers['backends.setWeight']({ pool: 'api', backend: 'api-1', weight: 77 }, caller);
    await dialog.getByText('Changed meanwhile').waitFor();
    expect(await dialog.getByLabel('Weight').inputValue()).toBe('90');
    await dialog.getByRole('button', { name: 'Reload' }).click();
    await dialog.getByText('Changed meanwhile').waitFor({ state: 'detached' });
    expect(await dialog.getByLabel('Weight').inputValue()).toBe('77');
  });

  it('asks once before it drops what was typed, and gives the focus back', async () => {
    await using window = await open('/listeners');
    const { page } = window;
    const opener = page.getByRole('button', { name: 'Add route' }).first();
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Path starts with').fill('/typed');
    await page.keyboard.press('Escape');
    await page.getByText('Not saved yet').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await opener.and(page.locator(':focus')).waitFor();
    expect(window.inputs('routes.add')).toEqual([]);
  });
});

describe('the pool form', () => {
  it('reads pasted backends, names the line it cannot read, and adds the pool with them', async () => {
    await using window = await open('/');
    const { page } = window;
    await page.getByRole('main').getByRole('button', { name: 'New pool' }).click();
    const dialog = page.getByRole('dialog', { name: 'New pool' });
    await dialog.getByLabel('Name').fill('shop');
    await dialog.getByLabel('Backends').fill('3101 90\nnonsense\nlocalhost:3102 10');
    await dialog.getByText('Line 2').waitFor();
    await page.keyboard.press('Control+Enter');
    await dialog.getByText('Line 2').waitFor();
    expect(window.inputs('pools.add')).toEqual([]);
    await dialog.getByLabel('Backends').fill('3101 90\nlocalhost:3102 10');
    await dialog.getByRole('button', { name: 'Add pool with 2 backends' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(window.inputs('pools.add')).toMatchObject([
      {
        pool: {
          name: 'shop',
          policy: 'weighted-round-robin',
          healthCheck: { type: 'tcp' },
          backends: [
            { name: 'shop-1', address: '127.0.0.1:3101', weight: 90 },
            { name: 'shop-2', address: 'localhost:3102', weight: 10 },
          ],
        },
      },
    ]);
    await page.getByRole('heading', { level: 1, name: 'shop' }).waitFor();
  });

  it('says how many backends a pool can have, and sends nothing, when more are pasted', async () => {
    await using window = await open('/');
    const { page } = window;
    await page.getByRole('main').getByRole('button', { name: 'New pool' }).click();
    const dialog = page.getByRole('dialog', { name: 'New pool' });
    await dialog.getByLabel('Backends').focus();
    // At once, as a paste does; the browser types line by line, which takes it a minute.
    await page.evaluate(`{
      const lines = Array.from({ length: 5001 }, (_, i) => '127.0.0.1:' + (10_000 + i)).join('\\n');
      const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
      set.call(document.activeElement, lines);
      document.activeElement.dispatchEvent(new Event('input', { bubbles: true }));
    }`);
    await dialog.getByRole('button', { name: 'Add pool with 5001 backends' }).click();
    await dialog.getByText('At most 5000 backends a pool').waitFor();
    expect(window.inputs('pools.add')).toEqual([]);
  });

  it('takes the board along to a new name of its pool', async () => {
    await using window = await open('/pools/web');
    const { page } = window;
    await page.getByRole('button', { name: 'Edit pool' }).click();
    await page.getByRole('dialog', { name: 'Edit pool web' }).getByLabel('Name').fill('site');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'site' }).waitFor();
  });

  it('opens the folded section that holds a refused field', async () => {
    await using window = await open('/pools/api');
    const { page } = window;
    await page.getByRole('button', { name: 'Edit pool' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit pool api' });
    await dialog.getByText('Keep-alive', { exact: true }).click();
    await dialog.getByLabel('Idle connections').fill('many');
    await dialog.getByText('Keep-alive', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Save pool' }).click();
    await dialog.getByText('Use a whole number from 0 to 10000').waitFor();
    expect(window.inputs('pools.update')).toEqual([]);
  });

  it('changes the health check, and says what does not fit together', async () => {
    await using window = await open('/pools/api');
    const { page, core } = window;
    await page.getByRole('button', { name: 'Edit pool' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit pool api' });
    await dialog.getByLabel('Expected status').fill('200 204');
    await dialog.getByLabel('JSON field').fill('status');
    await dialog.getByLabel('equals').fill('ok');
    await dialog.getByLabel('Timeout', { exact: true }).fill('9000');
    await dialog.getByRole('button', { name: 'Save pool' }).click();
    await dialog.getByRole('alert').getByText('Use at most the interval, 2000 ms').waitFor();
    await dialog.getByLabel('Timeout', { exact: true }).fill('');
    await dialog.getByRole('button', { name: 'Save pool' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(core.state.config.pools[0]?.healthCheck).toMatchObject({
      type: 'http',
      expectStatus: ['200', '204'],
      expectJson: { path: 'status', equals: 'ok' },
      timeoutMs: 2000,
    });
    expect(core.state.config.pools[0]?.backends).toHaveLength(5);
  });
});

describe('the listener form', () => {
  it('explains port 0 and adds the listener with its first route', async () => {
    await using window = await open('/listeners');
    const { page } = window;
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Add a listener' });
    await dialog.getByLabel('Port').fill('0');
    await dialog.getByText('Port 0 lets the system choose').waitFor();
    await dialog.getByLabel('First route').click();
    await page.getByRole('option', { name: 'Everything to pool web' }).click();
    await dialog.getByRole('button', { name: 'Add listener' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(window.inputs('listeners.add')).toMatchObject([
      { listener: { name: 'web-2', host: '127.0.0.1', port: 0, routes: [{ name: 'all', pool: 'web' }] } },
    ]);
  });

  it('says at the port which ones can be used, and never shows one that cannot as an address', async () => {
    await using window = await open('/listeners');
    const { page } = window;
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Add a listener' });
    await dialog.getByLabel('Port').fill('-1');
    await dialog.getByText('Opens as http://localhost:…').waitFor();
    await page.keyboard.press('Enter');
    const said = 'Use a port from 0 to 65535';
    await dialog.getByRole('alert').getByText(said, { exact: true }).waitFor();
    expect(await dialog.getByLabel('Port').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByText('Proxies and forwarding').click();
    await dialog.getByLabel('Trusted proxies').fill('10.0.0.0/8\n10.0.0.5/8');
    await dialog.getByLabel('Port').fill('8099');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('10.0.0.5 is inside the network; use 10.0.0.0/8').waitFor();
    await dialog.getByLabel('Trusted proxies').fill('10.0.0.0/8\nnonsense');
    await dialog.getByLabel('Trusted proxies').press('Control+Enter');
    await dialog.getByRole('alert').getByText('"nonsense" does not fit: use an address').waitFor();
    expect(window.inputs('listeners.add')).toEqual([]);
  });

  it('says beside the port that another listener has it', async () => {
    await using window = await open('/listeners');
    const { page } = window;
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Add a listener' });
    await dialog.getByLabel('Port').fill('8080');
    await page.keyboard.press('Enter');
    await dialog.getByText('listener "web" already uses').waitFor();
    expect(await dialog.getByLabel('Port').getAttribute('aria-invalid')).toBe('true');
  });

  it('keeps the routes when a listener is edited', async () => {
    await using window = await open('/listeners');
    const { page, core } = window;
    await page.getByRole('button', { name: 'More for web' }).click();
    await page.getByRole('menuitem', { name: 'Edit listener…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit listener web' });
    await dialog.getByLabel('Port').fill('8085');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(core.state.config.listeners[0]?.port).toBe(8085);
    expect(core.state.config.listeners[0]?.routes.map(({ name }) => name)).toEqual(['api', 'site']);
  });
});

describe('routes', () => {
  it('puts a new route before the one that takes everything', async () => {
    await using window = await open('/listeners');
    const { page, core } = window;
    await page.getByRole('button', { name: 'Add route' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add a route to web' });
    await dialog.getByLabel('Path starts with').fill('/static');
    await dialog.getByLabel('Name').fill('static');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(core.state.config.listeners[0]?.routes.map(({ name }) => name)).toEqual(['api', 'static', 'site']);
  });

  it('moves a route by keyboard, warns of one that is never reached, and undoes the move', async () => {
    await using window = await open('/listeners');
    const { page, core } = window;
    const order = () => core.state.config.listeners[0]?.routes.map(({ name }) => name);
    await page.getByRole('button', { name: 'Move site up' }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText('never reached: route “site” comes first').waitFor();
    expect(order()).toEqual(['site', 'api']);
    const down = page.getByRole('button', { name: 'Move site down' });
    await down.and(page.locator(':focus')).waitFor();
    await page.getByText('Moved route site up').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('never reached').waitFor({ state: 'detached' });
    expect(order()).toEqual(['api', 'site']);
  });
});

describe('removing', () => {
  it('names the routes that go with a pool, and one undo brings all of it back', async () => {
    await using window = await open('/pools/api');
    const { page, core } = window;
    await page.getByRole('button', { name: 'More for api', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Remove pool…' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Remove pool api?' });
    await dialog.getByText('The route that uses it (web/api) is removed too').waitFor();
    expect(await window.violations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Remove pool and 1 route' }).click();
    await page.getByText('Removed pool api').waitFor();
    // Its board was the page: there is nothing left to show on it.
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(core.state.config.pools.map(({ name }) => name)).toEqual(['web', 'postgres', 'legacy']);
    expect(core.state.config.listeners[0]?.routes.map(({ name }) => name)).toEqual(['site']);
    await page.keyboard.press('Control+z');
    await page.getByText('Undone: Removed pool api').waitFor();
    expect(core.state.config.pools[0]?.backends).toHaveLength(5);
    expect(core.state.config.listeners[0]?.routes.map(({ name }) => name)).toEqual(['api', 'site']);
  });
});

describe.each(['dark', 'light'] as const)('in %s', (colorScheme) => {
  it.each([
    ['a backend', '/pools/api', 'Add backend'],
    ['a pool', '/pools/api', 'Edit pool'],
    ['a listener', '/listeners', 'Add listener'],
    ['a route', '/listeners', 'Add route'],
  ])('axe finds nothing in the form of %s', async (_noun, at, button) => {
    await using window = await open(at, { colorScheme, viewport: { width: 1024, height: 700 } });
    await window.page.getByRole('main').getByRole('button', { name: button }).first().click();
    await window.page.getByRole('dialog').waitFor();
    const folded = window.page.locator('details:not([open]) > summary');
    while ((await folded.count()) > 0) await folded.first().click();
    expect(await window.violations()).toEqual([]);
  });
});
