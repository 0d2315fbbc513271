// Tells whether this checkout has a runnable Electron, without side effects: importing `electron` from
// plain Node would start a download. Called by the start, dev and test scripts; no dependencies.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} root folder that holds node_modules
 * @returns {{ available: boolean, reason: string }} `reason` is one sentence, empty when available
 */
export function electronAvailable(root) {
  const home = join(root, 'node_modules', 'electron');
  if (!existsSync(join(home, 'package.json'))) {
    return { available: false, reason: 'The electron package is not installed; run npm install first.' };
  }
  // Electron's installer records the platform's executable in path.txt once the download succeeded.
  const installed = readText(join(home, 'path.txt'));
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const executable = join(override, installed ?? 'electron');
    return existsSync(executable)
      ? { available: true, reason: '' }
      : { available: false, reason: `ELECTRON_OVERRIDE_DIST_PATH is set, but ${executable} does not exist.` };
  }
  if (installed === undefined) {
    return { available: false, reason: 'The Electron runtime has not been downloaded on this machine.' };
  }
  const executable = join(home, 'dist', installed);
  return existsSync(executable)
    ? { available: true, reason: '' }
    : { available: false, reason: `The Electron runtime is incomplete: ${executable} is missing.` };
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
