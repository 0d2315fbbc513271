// Takes pictures of the window to look at beside the design:
//   node test/renderer/preview/shoot.ts <folder> [hash …]
// Each hash ("#/pools/api") is shot dark and light, 1440 × 900 and 1024 × 700.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { createFakeCore } from '../../support/fake-core.ts';
import { boardScene, emptyScene } from '../../support/fake-scene.ts';
import { buildRenderer, hostRenderer } from '../../support/renderer-host.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
];

const [folder = 'shots', ...hashes] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const now = Math.floor(Date.now() / 1000) * 1000;
const core = createFakeCore(process.env.SCENE === 'empty' ? emptyScene() : boardScene(), now);
await using built = await buildRenderer();
await using host = await hostRenderer(built.dir, core);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  for (const colorScheme of ['dark', 'light'] as const) {
    for (const viewport of SIZES) {
      const page = await browser.newPage({ viewport, colorScheme });
      page.on('console', (message) => message.type() === 'error' && console.log('console:', message.text()));
      page.on('pageerror', (error) => console.log('page error:', error.message));
      for (const hash of hashes.length > 0 ? hashes : ['#/', '#/pools/api']) {
        await page.goto(`${host.url}${hash}`);
        await page.getByRole('status').first().waitFor();
        core.tick();
        await page.waitForTimeout(400);
        const name = hash.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'overview';
        const path = join(folder, `${name}-${colorScheme}-${viewport.width}.png`);
        await page.screenshot({ path });
        console.log(resolve(path));
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
}
