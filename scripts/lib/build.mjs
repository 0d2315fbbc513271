// Builds the app into out/ when a source file is newer than the last build.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, modernNode, root, run } from './process.mjs';

const STAMP = join(root, 'out', '.built');
const SOURCES = ['src', 'resources', 'package.json', 'package-lock.json', 'electron.vite.config.ts'];

export async function ensureBuilt() {
  if (isFresh()) return;
  console.error('Building…');
  const cli = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const code = await run(modernNode(), [cli, 'build', '--logLevel', 'warn'], { stdio: ['ignore', 2, 2] });
  if (code !== 0) fail('The build failed; the lines above say why.');
  writeFileSync(STAMP, '');
}

function isFresh() {
  if (!existsSync(STAMP)) return false;
  const builtAt = statSync(STAMP).mtimeMs;
  return SOURCES.every((source) => newestIn(join(root, source)) <= builtAt);
}

function newestIn(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestIn(join(path, name))),
    stat.mtimeMs,
  );
}
