// Takes the pictures of the pool board in docs/: the shipping headless host, five small servers on ports
// 3001 to 3005 and real traffic for about five minutes, in the end one backend slow and failing, one
// draining with long requests and WebSockets, one down. Nothing is drawn by hand.
//   electron-vite build && node test/support/board-scene.ts [--seconds 310] [--out docs] [--name pool-board]
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { type SceneBackend, startSceneBackend } from './board-scene-backend.ts';
import { holdRequests, holdWebSockets, startLoad } from './board-scene-load.ts';
import type { CoreView } from './core-view.ts';
import { launchChromium } from './electron/chromium.ts';
import { freePort, occupy } from './free-port.ts';
import { startHeadless } from './headless.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Before it the charts are not full. */
const DEFAULT_SECONDS = 310;
const LONGEST_SECONDS = 900;
const VIEW = { width: 1440, height: 900 };

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, out: { type: 'string' }, name: { type: 'string' } },
});
const seconds = Math.min(LONGEST_SECONDS, Number(values.seconds ?? DEFAULT_SECONDS));
const out = resolve(ROOT, values.out ?? 'docs');

const HELD = 21;

const api = (view: CoreView) => view.status.pools.find(({ name }) => name === 'api');

/** `share` of the scene's time since `start`, 0 to 1. */
const until = (start: number, share: number) =>
  after(Math.max(0, start + share * seconds * 1000 - Date.now()));

await playScene();

async function playScene(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-scene-'));
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(dir, { recursive: true, force: true }));
  const backends = await startBackends(cleanup);
  const port = await preferredPort(8080);
  const config = join(dir, 'sluice.json');
  await writeFile(config, JSON.stringify(await sceneConfig(port, cleanup)));
  const host = cleanup.use(
    await startHeadless('--config', config, '--data', join(dir, 'data'), '--control', '127.0.0.1:0'),
  );
  await host.view.until('the backends are up', () =>
    api(host.view)?.backends.every(({ state }) => state === 'up'),
  );

  const start = Date.now();
  const held = await holdOnBackend(host.view, 'api-4', port, cleanup, async () => {
    await backends.get('api-5')?.close();
    await host.view.until('api-5 is down', () =>
      api(host.view)?.backends.some(({ name, health }) => name === 'api-5' && health === 'down'),
    );
  });
  cleanup.use(startLoad(`http://127.0.0.1:${port}/api/items`));
  const browser = cleanup.use(await launchChromium());
  const page = await browser.newPage({ viewport: VIEW, colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.goto(`${host.ready.control}/#token=${host.ready.token}`);
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.evaluate('location.hash = "#/pools/api"');

  await until(start, 0.76);
  // By hand, as a person would: so the window knows how it is undone.
  await page.getByRole('switch', { name: 'api-4 takes new requests' }).click();
  // Hand off the row: under the pointer and with the focus it shows its box.
  await page.mouse.move(0, 0);
  await page.evaluate('document.activeElement.blur()');
  backends.get('api-3')?.sicken();
  await held.finishMost(seconds * 0.15 * 1000);
  await until(start, 1);
  await takePictures(page, host.view);
}

async function startBackends(cleanup: AsyncDisposableStack): Promise<Map<string, SceneBackend>> {
  const backends = new Map<string, SceneBackend>();
  for (const [index, typicalMs] of [9, 10, 15, 11, 12].entries()) {
    const backend = cleanup.use(await startSceneBackend(3001 + index, typicalMs));
    backends.set(`api-${index + 1}`, backend);
  }
  return backends;
}

async function preferredPort(port: number): Promise<number> {
  try {
    await using _ = await occupy(port);
    return port;
  } catch {
    return freePort();
  }
}

async function sceneConfig(port: number, cleanup: AsyncDisposableStack): Promise<object> {
  const healthCheck = { type: 'http', path: '/health', intervalMs: 2000, timeoutMs: 1000, rise: 2, fall: 3 };
  const others: SceneBackend[] = [];
  for (let i = 0; i < 5; i++) others.push(cleanup.use(await startSceneBackend(0, 5)));
  const list = (prefix: string, from: number, to: number) =>
    others
      .slice(from, to)
      .map((backend, i) => ({ name: `${prefix}-${i + 1}`, address: `127.0.0.1:${backend.port}` }));
  const weights = [90, 45, 15, 30, 30];
  return {
    version: 1,
    listeners: [
      {
        name: 'main',
        port,
        routes: [
          { name: 'api', match: { pathPrefix: '/api' }, pool: 'api' },
          { name: 'web', pool: 'web' },
        ],
      },
      { name: 'postgrest', port: 0, routes: [{ name: 'all', pool: 'postgrest' }] },
      { name: 'legacy', port: 0, routes: [{ name: 'all', pool: 'legacy' }] },
    ],
    pools: [
      {
        name: 'api',
        policy: 'weighted-round-robin',
        healthCheck,
        // Longer than the scene: what is left is in the picture.
        drainMs: 5 * 60_000,
        backends: weights.map((weight, i) => ({
          name: `api-${i + 1}`,
          address: `127.0.0.1:${3001 + i}`,
          weight,
        })),
      },
      { name: 'web', healthCheck, backends: list('web', 0, 2) },
      { name: 'postgrest', healthCheck: { type: 'tcp' }, backends: list('postgrest', 2, 5) },
      { name: 'legacy', backends: [{ name: 'legacy-1', address: '127.0.0.1:3010', state: 'disabled' }] },
    ],
  };
}

interface Held {
  /** All but three end, spread over `overMs`. */
  finishMost: (overMs: number) => Promise<void>;
}

/**
 * Long requests and WebSockets that all go to one backend: for a moment it is the only one, and `meanwhile`
 * happens.
 */
async function holdOnBackend(
  view: CoreView,
  name: string,
  port: number,
  cleanup: AsyncDisposableStack,
  meanwhile: () => Promise<void>,
): Promise<Held> {
  const others = api(view)?.backends.filter((backend) => backend.name !== name) ?? [];
  const setOthers = (state: 'enabled' | 'disabled') =>
    Promise.all(
      others.map((backend) => view.call('backends.setState', { pool: 'api', backend: backend.name, state })),
    );
  await setOthers('disabled');
  const requests = cleanup.use(holdRequests(port, '/api/report.csv', HELD - 2));
  const sockets = cleanup.use(await holdWebSockets(`ws://127.0.0.1:${port}/api/live`, 2));
  await view.until(`${name} holds them`, () =>
    api(view)?.backends.some((each) => each.name === name && each.inFlight >= HELD),
  );
  await meanwhile();
  await setOthers('enabled');
  return {
    async finishMost(overMs) {
      const ending = requests.count - 1;
      for (let i = 0; i < ending; i++) {
        requests.endOne();
        await after(overMs / ending);
      }
      if (sockets.open() !== 2) throw new Error('a WebSocket was lost on the way');
    },
  };
}

async function takePictures(page: Page, view: CoreView): Promise<void> {
  await mkdir(out, { recursive: true });
  const stem = values.name ?? 'pool-board';
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    // Failing 2 of 3 lasts one interval: the picture is taken at its start.
    for (const failed of [1, 2]) {
      await view.until(`api-3 has failed ${failed} times`, () =>
        api(view)?.backends.some(({ name, progress }) => name === 'api-3' && progress?.count === failed),
      );
    }
    await page.getByText('Failing ↓ 2 of 3').waitFor();
    await page.screenshot({ path: join(out, `${stem}-${colorScheme}.png`) });
  }
}
