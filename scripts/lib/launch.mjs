// Opens the app: in a window where there is an Electron runtime and a display, else in a browser,
// saying why in one sentence. Shared by start.mjs and demo.mjs.
import { join } from 'node:path';
import { electronAvailable } from '../electron-probe.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { become, modernNode, root, run } from './process.mjs';

/** `dataDir` undefined: where each host keeps its data by default. */
export async function launch(args, dataDir) {
  await ensureInstalled();
  // The download, where it is needed, goes on beside the build; offline it fails within seconds.
  const [runtime] = await Promise.all([obtainElectron(), ensureBuilt()]);
  const why = runtime.available ? noDisplay() : runtime.reason;
  if (why === undefined) {
    become(runtime.executable, [root, ...args], { env: dataDir ? { SLUICE_DATA_DIR: dataDir } : {} });
  } else {
    console.log(`${why} Serving the same app to a browser instead:`);
    const data = dataDir ? ['--data', dataDir] : [];
    become(modernNode(), [join(root, 'out', 'main', 'headless.js'), ...data, ...args]);
  }
}

async function obtainElectron() {
  const found = electronAvailable(root);
  if (found.available) return found;
  console.error('Obtaining the Electron runtime…');
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  await run(modernNode(), [installer], { stdio: 'ignore' });
  const now = electronAvailable(root);
  if (now.available) return now;
  return { available: false, reason: 'The Electron runtime could not be downloaded.' };
}

function noDisplay() {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return undefined;
  return 'There is no display to open a window on.';
}
