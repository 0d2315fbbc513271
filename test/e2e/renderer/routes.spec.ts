// Routes in the built window against a fake core:
// - a pool that no listener leads to gets one from its own board;
// - a path that can never match, or hardly means what it says, is met while it is typed.
import { describe, expect, it } from 'vitest';
import { windowSuite } from '../../support/window-suite.ts';

const open = windowSuite();

const caller = { author: 'cli' as const };

describe('a pool that no listener leads to', () => {
  it('gets a route from its board, at the listener that is chosen', async () => {
    await using window = await open('/pools/api');
    const { page, core } = window;
    await core.service.handlers['routes.remove']({ listener: 'web', name: 'api' }, caller);
    await page.getByText('no listener routes here').waitFor();
    await page.getByRole('button', { name: 'Add route' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a route to pool api' });
    await dialog.waitFor();
    expect(await dialog.getByLabel('Send to pool').textContent()).toBe('api');
    expect(await dialog.getByLabel('Listener').textContent()).toBe('web');
    await dialog.getByLabel('Path starts with').fill('/kept');
    await dialog.getByLabel('Listener').click();
    await page.getByRole('option', { name: /^admin/ }).click();
    expect(await dialog.getByLabel('Path starts with').inputValue()).toBe('/kept');
    expect(await window.violations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Add route' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(window.inputs('routes.add')).toMatchObject([
      { listener: 'admin', route: { name: 'route', pool: 'api', match: { pathPrefix: '/kept' } }, index: 0 },
    ]);
    await page.getByRole('heading', { level: 1, name: 'api' }).waitFor();
  });
});

describe('the routes of a listener that sends all to https', () => {
  it('are said to be unused, without the state of their pools', async () => {
    await using window = await open('/listeners');
    const { page, core } = window;
    const web = page.getByRole('rowgroup', { name: 'Listener web' });
    await web.getByRole('link', { name: 'Degraded api' }).waitFor();
    const listener = core.state.config.listeners[0];
    if (listener === undefined) throw new Error('the scene has no listener');
    const redirecting = { ...listener, redirectToHttps: { port: 8081 } };
    await core.service.handlers['listeners.update']({ name: 'web', listener: redirecting }, caller);
    await web.getByText('not used').nth(1).waitFor();
    expect(await web.getByRole('link', { name: 'Degraded api' }).count()).toBe(0);
    expect(await window.violations()).toEqual([]);
  });
});

describe('the path of a route', () => {
  it('is refused at its field when no request can have it, and * is said to be literal', async () => {
    await using window = await open('/listeners');
    const { page } = window;
    await page.getByRole('button', { name: 'Add route' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add a route to web' });
    await dialog.getByLabel('Path starts with').fill('/a?b=1');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('It must not hold "?"').waitFor();
    expect(window.inputs('routes.add')).toEqual([]);
    await dialog.getByLabel('Path starts with').fill('/api*');
    await dialog.getByText('The * is taken literally').waitFor();
    expect(await window.violations()).toEqual([]);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(window.inputs('routes.add')).toMatchObject([{ route: { match: { pathPrefix: '/api*' } } }]);
  });
});
