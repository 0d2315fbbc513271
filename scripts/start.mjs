// npm start: installs, builds and opens the app. Without an Electron runtime or a display, says why
// in one sentence and serves the same app to a browser.
import { join } from 'node:path';
import { electronAvailable } from './electron-probe.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { become, modernNode, root, run } from './lib/process.mjs';

await ensureInstalled();
// The download, where it is needed, goes on beside the build; offline it fails within seconds.
const [runtime] = await Promise.all([obtainElectron(), ensureBuilt()]);
const why = runtime.available ? noDisplay() : runtime.reason;
if (why === undefined) {
  become(runtime.executable, [root, ...process.argv.slice(2)]);
} else {
  console.log(`${why} Serving the same app to a browser instead:`);
  const args = process.argv.slice(2);
  const control = args.includes('--control') ? [] : ['--control', '127.0.0.1:0'];
  become(modernNode(), [join(root, 'out', 'main', 'headless.js'), ...control, ...args]);
}

async function obtainElectron() {
  const found = electronAvailable(root);
  if (found.available) return found;
  console.error('Obtaining the Electron runtime…');
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  const code = await run(modernNode(), [installer], { stdio: 'ignore' });
  const now = electronAvailable(root);
  if (now.available) return now;
  return {
    available: false,
    reason: `The Electron runtime could not be downloaded (installer exit code ${code}).`,
  };
}

function noDisplay() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return undefined;
  return 'There is no display to open a window on.';
}
