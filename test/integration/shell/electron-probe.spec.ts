// The probe says whether Electron can run here, without starting its download.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = pathToFileURL(join(import.meta.dirname, '../../../scripts/electron-probe.mjs')).href;

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-probe-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

async function probe(override?: string) {
  const code = `import { electronAvailable } from ${JSON.stringify(SCRIPT)};
    console.log(JSON.stringify(electronAvailable(${JSON.stringify(root)})));`;
  const { ELECTRON_OVERRIDE_DIST_PATH: _inherited, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
    env: override === undefined ? env : { ...env, ELECTRON_OVERRIDE_DIST_PATH: override },
  });
  return JSON.parse(stdout) as { available: boolean; reason: string; executable?: string };
}

describe('the electron probe', () => {
  it('says that the package is missing', async () => {
    expect(await probe()).toMatchObject({
      available: false,
      reason: expect.stringContaining('not installed'),
    });
  });

  it('says that the runtime was never downloaded, and downloads nothing', async () => {
    await put('node_modules/electron/package.json', '{}');
    expect(await probe()).toMatchObject({
      available: false,
      reason: expect.stringContaining('not been downloaded'),
    });
    expect(await readdir(join(root, 'node_modules/electron'))).toEqual(['package.json']);
  });

  it('says that a download is incomplete', async () => {
    await put('node_modules/electron/package.json', '{}');
    await put('node_modules/electron/path.txt', 'electron');
    expect(await probe()).toMatchObject({ available: false, reason: expect.stringContaining('incomplete') });
  });

  it('names the executable of a complete one', async () => {
    await put('node_modules/electron/package.json', '{}');
    await put('node_modules/electron/path.txt', 'electron');
    await put('node_modules/electron/dist/electron', '');
    const executable = join(root, 'node_modules/electron/dist/electron');
    expect(await probe()).toEqual({ available: true, reason: '', executable });
  });

  it('believes an override only when it holds an executable', async () => {
    await put('node_modules/electron/package.json', '{}');
    expect(await probe(join(root, 'own'))).toMatchObject({ available: false });
    await put('own/electron', '');
    expect(await probe(join(root, 'own'))).toMatchObject({
      available: true,
      executable: join(root, 'own/electron'),
    });
  });
});
