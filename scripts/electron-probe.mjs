// Tells whether this checkout has a runnable Electron, without side effects: importing `electron` from
// plain Node would start a download. Called by the start, dev and test scripts; no dependencies.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} root folder that holds node_modules
 * @returns {{ available: true, reason: '', executable: string } | { available: false, reason: string }}
 *   `reason` is one sentence
 */
export function electronAvailable(root) {
  const home = join(root, 'node_modules', 'electron');
  if (!existsSync(join(home, 'package.json'))) return missing('The electron package is not installed.');
  // Electron's installer records the platform's executable in path.txt once the download succeeded.
  const installed = readText(join(home, 'path.txt'));
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const executable = join(override, installed ?? 'electron');
    if (existsSync(executable)) return { available: true, reason: '', executable };
    return missing(`ELECTRON_OVERRIDE_DIST_PATH is set, but ${executable} does not exist.`);
  }
  if (installed === undefined)
    return missing('The Electron runtime has not been downloaded on this machine.');
  const executable = join(home, 'dist', installed);
  if (existsSync(executable)) return { available: true, reason: '', executable };
  return missing(`The Electron runtime is incomplete: ${executable} is missing.`);
}

function missing(reason) {
  return { available: false, reason };
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
