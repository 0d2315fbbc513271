// Installs the dependencies when they are missing or older than the lock file.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root, run } from './process.mjs';

export async function ensureInstalled() {
  if (isInstalled()) return;
  console.error('Installing dependencies…');
  // Not `npm ci`: it refuses a lock file that lacks a package built only for another platform, which
  // a registry need not have. No install scripts: what they would compile or download ships prebuilt.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  // Standard output may belong to a program that reads it; installing talks on standard error.
  const code = await run('npm', args, { stdio: ['ignore', 2, 2] });
  if (code !== 0) fail('The dependencies could not be installed; the lines above say why.');
}

/** npm writes its own copy of the lock file last, so it is newer exactly when an install was finished. */
function isInstalled() {
  const done = join(root, 'node_modules', '.package-lock.json');
  return existsSync(done) && statSync(done).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}
