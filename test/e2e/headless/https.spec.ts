// The shipping headless host over TLS, as built: what the local authority needs is in the bundles, and
// a client that trusts it is served.
import { get } from 'node:https';
import { describe, expect, it } from 'vitest';
import { startBackend } from '../../support/backends.ts';
import { tempDir } from '../../support/core-harness.ts';
import { startHeadless } from '../../support/headless.ts';
import { apiConfig } from '../../support/test-config.ts';

function body(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ca, agent: false }, (response) => {
      let text = '';
      response.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    });
    request.on('error', reject);
  });
}

describe('the headless host', () => {
  it('serves an https listener with a certificate of its own authority', async () => {
    using dir = tempDir();
    await using backend = await startBackend('secret');
    const config = apiConfig([backend], {}, { protocol: 'https' });
    const flags = ['--config', dir.write('sluice.json', config), '--data', `${dir.path}/data`];
    await using sluice = await startHeadless(...flags, '--control', '127.0.0.1:0');
    const { pem } = await sluice.view.call('certificates.authority', {});
    const { port } = new URL(sluice.url());
    expect(await body(`https://localhost:${port}/`, pem)).toBe('200 secret');
    expect(await body(`https://127.0.0.1:${port}/`, pem)).toBe('200 secret');
    expect((await sluice.view.call('certificates.list', {})).certificates).toMatchObject([
      { listener: 'web', source: 'local-ca', daysLeft: 396, problem: '' },
    ]);
  });
});
