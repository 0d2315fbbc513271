// Draws every icon of the app from one mark and rasterises it with Chromium: resources/icon.{svg,png} and
// resources/tray/*. Run by hand after a change of the drawing; the results are committed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ensureChromium } from './lib/chromium.mjs';

const ROOT = join(import.meta.dirname, '..', 'resources');
const TEAL = '#2dd4bf';

/** Two gates and the stream between them, on a 16 × 16 grid. */
const MARK = 'M2 2v12M14 2v12M2 5h4.5c3 0 2 6 5 6H14';

/** State by shape first, colour second; drawn in the lower right 8 × 8 of the grid. */
const BADGES = {
  up: { colour: '#3fb950', shape: '<circle cx="12" cy="12" r="3.5"/>' },
  degraded: {
    colour: '#e3a008',
    shape:
      '<circle cx="12" cy="12" r="2.9" fill="none" stroke="currentColor" stroke-width="1.2"/><path d="M12 9.1a2.9 2.9 0 0 1 0 5.8z"/>',
  },
  down: { colour: '#f85149', shape: '<rect x="8.8" y="8.8" width="6.4" height="6.4" rx=".6"/>' },
  checking: {
    colour: '#8b949e',
    shape:
      '<circle cx="12" cy="12" r="2.9" fill="none" stroke="currentColor" stroke-width="1.2" stroke-dasharray="1.5 1.1"/><path d="M12 12V9.1A2.9 2.9 0 0 1 14.9 12z"/>',
  },
  off: { colour: '#8b949e', shape: '<path d="M9.4 8.8h1.9v6.4H9.4zM12.7 8.8h1.9v6.4h-1.9z"/>' },
  lost: {
    colour: '#8b949e',
    shape:
      '<path d="M9.3 9.3l5.4 5.4M14.7 9.3l-5.4 5.4" fill="none" stroke="currentColor" stroke-width="1.7"/>',
  },
};

function trayMark(state, template) {
  const { colour, shape } = BADGES[state];
  const ink = template ? '#000' : colour;
  // The mark is cut away around the badge, so the shape reads at 16 pixels on any panel.
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
  <mask id="m"><rect width="16" height="16" fill="#fff"/><rect x="7.2" y="7.2" width="8.8" height="8.8" rx="2" fill="#000"/></mask>
  <path mask="url(#m)" d="${MARK}" fill="none" stroke="${template ? '#000' : TEAL}" stroke-width="1.8"/>
  <g fill="${ink}" color="${ink}">${shape}</g>
</svg>`;
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">
  <rect x="32" y="32" width="448" height="448" rx="104" fill="#0d1117"/>
  <rect x="38" y="38" width="436" height="436" rx="98" fill="none" stroke="#263039" stroke-width="12"/>
  <path transform="translate(112 112) scale(18)" d="${MARK}" fill="none" stroke="${TEAL}" stroke-width="1.7"/>
</svg>
`;

const browser = await chromium.launch({
  executablePath: await ensureChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
});

async function raster(svg, size, file) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  await page.screenshot({ path: join(ROOT, file), omitBackground: true });
  await page.close();
}

mkdirSync(join(ROOT, 'tray'), { recursive: true });
writeFileSync(join(ROOT, 'icon.svg'), ICON);
await raster(ICON, 512, 'icon.png');
for (const state of Object.keys(BADGES)) {
  for (const [kind, template] of [
    ['', false],
    ['Template', true],
  ]) {
    await raster(trayMark(state, template), 16, `tray/${state}${kind}.png`);
    await raster(trayMark(state, template), 32, `tray/${state}${kind}@2x.png`);
  }
}
await browser.close();
