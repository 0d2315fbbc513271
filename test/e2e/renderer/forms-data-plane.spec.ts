// The data plane’s settings in the forms of listeners and pools, in the built window against a fake core:
// - TLS on both sides, redirects, proxies, limits, retries and drains reach the core as config;
// - what is refused stands beside its field, also inside a certificate;
// - axe finds nothing in them, dark and light.
import { describe, expect, it } from 'vitest';
import { windowSuite } from '../../support/window-suite.ts';

const open = windowSuite();

describe('the settings of a pool', () => {
  it('for TLS, load, retries and drains reach the core', async () => {
    await using window = await open('/pools/api');
    const { page, core } = window;
    await page.getByRole('button', { name: 'Edit pool' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit pool api' });
    for (const section of ['Encryption to backends', 'Load', 'Retries', 'Timeouts']) {
      await dialog.getByText(section, { exact: true }).click();
    }
    await dialog.getByRole('checkbox', { name: 'Connect over TLS' }).click();
    await dialog.getByRole('checkbox', { name: 'Verify certificates' }).click();
    await dialog.getByLabel('Server name').fill('api.test');
    await dialog.getByLabel('In flight per backend').fill('50');
    await dialog.getByLabel('Queue').fill('7');
    await dialog.getByLabel('Attempts').fill('2');
    await dialog.getByLabel('Retried statuses').fill('502, 503');
    await dialog.getByLabel('Drain').fill('0');
    await dialog.getByRole('button', { name: 'Save pool' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(core.state.config.pools[0]).toMatchObject({
      tls: { verify: false, serverName: 'api.test' },
      maxInFlight: 50,
      queue: { max: 7, timeoutMs: 10_000 },
      retries: { attempts: 2, statuses: [502, 503] },
      drainMs: 0,
    });
    await page.keyboard.press('Control+z');
    await page.getByText('Undone: Changed pool api').waitFor();
    expect(core.state.config.pools[0]?.tls).toBeUndefined();
  });
});

describe('the settings of a listener', () => {
  it('makes an https listener from the keyboard, on a port of its own, with a certificate made for it', async () => {
    await using window = await open('/listeners');
    const { page } = window;
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Add a listener' });
    await dialog.getByLabel('Protocol').focus();
    await page.keyboard.press('Enter');
    await page.locator('[role=option]:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    // The list moves its focus a moment later than the key.
    await page.getByRole('option', { name: 'https' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByText('Opens as https://localhost:8443').waitFor();
    await dialog.getByRole('button', { name: 'Add listener' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(window.inputs('listeners.add')).toMatchObject([
      { listener: { name: 'web-2', protocol: 'https', port: 8443 } },
    ]);
    const added = page.getByRole('rowgroup', { name: 'Listener web-2' });
    await added.getByText('localhost, *.localhost').waitFor();
  });

  it('takes certificates from files, client certificates and rules of TLS', async () => {
    await using window = await open('/listeners');
    const { page, core } = window;
    await page.getByRole('button', { name: 'More for admin' }).click();
    await page.getByRole('menuitem', { name: 'Edit listener…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit listener admin' });
    await dialog.getByRole('button', { name: 'Add certificate' }).click();
    const second = dialog.getByRole('group', { name: 'Certificate 2' });
    await second.getByLabel('Certificate from').click();
    await page.getByRole('option', { name: 'PEM files' }).click();
    await second.getByLabel('Certificate file').fill('/tls/cert.pem');
    await second.getByLabel('Hosts').fill('');
    await second.getByLabel('Certificate name').fill('local');
    await dialog.getByRole('checkbox', { name: 'HTTP/2' }).click();
    await dialog.getByLabel('Client certificates').click();
    await page.getByRole('option', { name: 'Required' }).click();
    await dialog.getByLabel('Authorities of clients').fill('/tls/clients.pem');
    await dialog.getByRole('button', { name: 'Save listener' }).click();
    // The form's own word, then the core's: each beside its field.
    await second.getByRole('alert').getByText('name a file').waitFor();
    await second.getByLabel('Key file').fill('/tls/key.pem');
    await dialog.getByRole('button', { name: 'Save listener' }).click();
    await second.getByRole('alert').getByText('another certificate is already called "local"').waitFor();
    await second.getByLabel('Certificate name').fill('own');
    await dialog.getByRole('button', { name: 'Save listener' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(core.state.config.listeners[1]?.tls).toEqual({
      certificates: [
        { name: 'local', source: 'local-ca', hosts: ['localhost', 'admin.localhost'] },
        { name: 'own', source: 'files', certFile: '/tls/cert.pem', keyFile: '/tls/key.pem' },
      ],
      unknownName: 'first',
      minVersion: 'TLSv1.2',
      http2: false,
      clientCertificates: { caFile: '/tls/clients.pem', required: true },
    });
  });

  it('sends an http listener on to the https one there is, behind proxies it trusts', async () => {
    await using window = await open('/listeners');
    const { page, core } = window;
    await page.getByRole('button', { name: 'More for web' }).click();
    await page.getByRole('menuitem', { name: 'Edit listener…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit listener web' });
    await dialog.getByRole('checkbox', { name: 'Redirect to https' }).click();
    expect(await dialog.getByLabel('https port').inputValue()).toBe('8081');
    await dialog.getByText('Proxies and forwarding').click();
    await dialog.getByLabel('Trusted proxies').fill('10.0.0.0/8\nnonsense');
    await dialog.getByRole('checkbox', { name: 'Via field' }).click();
    await dialog.getByText('Limits', { exact: true }).click();
    await dialog.getByLabel('Body size').fill('1048576');
    await dialog.getByRole('button', { name: 'Save listener' }).click();
    await dialog.getByRole('alert').getByText('use an address or a network').waitFor();
    await dialog.getByLabel('Trusted proxies').fill('10.0.0.0/8\nfd00::/8');
    await dialog.getByRole('button', { name: 'Save listener' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(core.state.config.listeners[0]).toMatchObject({
      redirectToHttps: { port: 8081 },
      trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
      via: false,
      limits: { bodyBytes: 1_048_576 },
    });
    await page.getByText('sends all to https, port 8081').waitFor();
  });
});

describe.each(['dark', 'light'] as const)('in %s', (colorScheme) => {
  it('axe finds nothing in the TLS of a listener and of a pool', async () => {
    await using window = await open('/listeners', { colorScheme, viewport: { width: 1024, height: 700 } });
    const { page } = window;
    await page.getByRole('button', { name: 'More for store' }).click();
    await page.getByRole('menuitem', { name: 'Edit listener…' }).click();
    await page.getByRole('button', { name: 'Add certificate' }).click();
    expect(await window.violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.evaluate('window.location.hash = "#/pools/api"');
    await page.getByRole('button', { name: 'Edit pool' }).click();
    await page.getByText('Encryption to backends').click();
    await page.getByRole('checkbox', { name: 'Connect over TLS' }).click();
    expect(await window.violations()).toEqual([]);
  });
});
