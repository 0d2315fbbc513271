// The page's files come from one folder with the headers that confine the page, and from nowhere else.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '#shared/content-security-policy.ts';
import { serveAsset } from '../../../src/main/transport/window-files.ts';

let folder = '';
let root = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-assets-'));
  root = join(folder, 'renderer');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(root, 'index.html'), '<title>page</title>');
  await writeFile(join(root, 'assets', 'index-1.js'), 'run()');
  await writeFile(join(root, 'notes.txt'), 'not an asset');
  await writeFile(join(folder, 'secret.html'), 'secret');
  await mkdir(join(folder, 'renderer-twin'));
  await writeFile(join(folder, 'renderer-twin', 'page.html'), 'twin');
  await symlink(join(folder, 'secret.html'), join(root, 'link.html'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const get = (path: string, method = 'GET') => serveAsset(root, { method, url: `app://sluice${path}` });

describe('the app scheme', () => {
  it('serves the page with its policy and without caching', async () => {
    const response = await get('/');
    expect(await response.text()).toBe('<title>page</title>');
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
  });

  it('serves a built asset under its type, cached for good', async () => {
    const response = await get('/assets/index-1.js');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(await response.text()).toBe('run()');
  });

  it('answers HEAD without a body', async () => {
    const response = await get('/', 'HEAD');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it.each([
    ['/missing.html', 404],
    ['/assets', 404],
    ['/notes.txt', 404],
    ['/link.html', 404],
    ['/%2e%2e%2fsecret.html', 400],
    ['/..%2frenderer-twin%2fpage.html', 400],
  ])('refuses %s with %i', async (path, status) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('secret');
  });

  it('refuses every other method', async () => {
    expect((await get('/', 'POST')).status).toBe(405);
  });
});
