// A real Vite dev server behind an HTTPS listener of the shipping headless host, opened in Chromium: the page
// and the WebSocket that brings its updates both come over HTTP/2, and an edited module is replaced in the
// page without loading it again. It needs no network but loopback.
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { expect, it } from 'vitest';
import { tempDir } from '../../support/core-harness.ts';
import { launchChromium } from '../../support/electron/chromium.ts';
import { startHeadless } from '../../support/headless.ts';
import { apiConfig } from '../../support/test-config.ts';

const PAGE =
  '<!doctype html><title>app</title><p id="text"></p><script type="module" src="/main.js"></script>';
const MAIN = `
import { text } from './text.js';
const show = (shown) => { document.getElementById('text').textContent = shown; };
show(text);
import.meta.hot.accept('./text.js', (module) => show(module.text));
`;
const textModule = (text: string): string => `export const text = '${text}';\n`;

/** A request as the dev server sees it; `via` names the version the client spoke to the listener. */
interface Seen {
  path: string | undefined;
  via: string | undefined;
  upgrade: string | undefined;
}

async function startVite(root: string): Promise<AsyncDisposable & { address: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server: ViteDevServer = await createServer({
    root,
    cacheDir: join(root, '.cache'),
    configFile: false,
    envFile: false,
    logLevel: 'silent',
    server: { host: '127.0.0.1', port: 0 },
  });
  const { httpServer } = server;
  if (httpServer === null) throw new Error('the dev server serves nothing');
  for (const event of ['request', 'upgrade'] as const) {
    httpServer.on(event, ({ url, headers }: IncomingMessage) => {
      seen.push({ path: url?.split('?')[0], via: headers.via, upgrade: headers.upgrade });
    });
  }
  await server.listen();
  const { port } = httpServer.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, seen, [Symbol.asyncDispose]: () => server.close() };
}

it('the hot reload of Vite works through an HTTP/2 front', async () => {
  using dir = tempDir();
  using app = tempDir();
  app.write('index.html', PAGE);
  app.write('main.js', MAIN);
  app.write('text.js', textModule('before'));
  await using vite = await startVite(app.path);
  const backend = { name: 'vite', address: vite.address };
  const config = apiConfig([backend], {}, { protocol: 'https' });
  const flags = ['--config', dir.write('sluice.json', config), '--data', `${dir.path}/data`];
  await using sluice = await startHeadless(...flags, '--control', '127.0.0.1:0');
  const { port } = new URL(sluice.url());

  await using browser = await launchChromium();
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(new URL(socket.url()).host));
  await page.goto(`https://localhost:${port}/`);
  const text = page.locator('#text');
  await expect.poll(() => text.textContent()).toBe('before');
  // Whoever loads the page again loses it.
  await page.evaluate('window.kept = true');

  const underWay = async () =>
    (await sluice.view.call('connections.list', { pool: 'api', backend: 'vite' })).connections;
  await expect
    .poll(underWay)
    .toMatchObject([{ kind: 'websocket', path: expect.stringMatching(/^\/\?token=/) }]);

  // In Via the listener tells what its client spoke; nothing has gone past it.
  const spoken = new Set(vite.seen.map(({ via }) => via?.split(' ')[0]));
  expect(spoken).toEqual(new Set(['2']));
  expect(sockets).toEqual([`localhost:${port}`]);
  expect(vite.seen.filter(({ upgrade }) => upgrade === 'websocket')).toMatchObject([{ path: '/' }]);
  expect(await page.evaluate('performance.getEntriesByType("navigation")[0].nextHopProtocol')).toBe('h2');

  app.write('text.js', textModule('after'));
  await expect.poll(() => text.textContent()).toBe('after');
  expect(await page.evaluate('window.kept')).toBe(true);
});
