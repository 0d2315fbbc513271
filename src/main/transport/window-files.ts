// Answers the page's requests from the built renderer's folder: GET only, never outside the folder, with
// the headers that confine the page. Knows no host: the shell's `app://` scheme and the headless control
// endpoint both serve the window through it.
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { CONTENT_SECURITY_POLICY } from '#shared/content-security-policy.ts';

const MIME: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

export async function serveAsset(
  rootDir: string,
  request: { method: string; url: string },
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(405, 'only GET and HEAD are answered');
  const path = assetPath(new URL(request.url).pathname);
  if (path === undefined) return refuse(400, 'the path is not valid');
  const type = MIME[extname(path)];
  if (type === undefined) return refuse(404, 'there is no such file');
  const body = await readInside(rootDir, path);
  if (body === undefined) return refuse(404, 'there is no such file');
  return new Response(request.method === 'HEAD' ? null : body, { status: 200, headers: headers(type, path) });
}

/** The path below the root a URL path means, or undefined if it could mean anything else. */
export function assetPath(urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  // A decoded backslash is a separator on Windows and a NUL ends a path for the system: neither is a name.
  if (!decoded.startsWith('/') || /[\\\0]/.test(decoded)) return undefined;
  const segments = decoded.slice(1).split('/');
  if (segments.some((segment) => segment === '..' || segment === '.')) return undefined;
  return decoded === '/' ? 'index.html' : segments.join('/');
}

async function readInside(rootDir: string, path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    // Resolved on disk, so a symbolic link cannot lead out of the folder either.
    const [root, file] = await Promise.all([realpath(rootDir), realpath(join(rootDir, path))]);
    return file.startsWith(root + sep) ? new Uint8Array(await readFile(file)) : undefined;
  } catch {
    return undefined;
  }
}

function headers(type: string, path: string): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Built assets carry a hash of their content in the name; the page itself must stay fresh.
    'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}

function refuse(status: number, reason: string): Response {
  return new Response(`${reason}\n`, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
    },
  });
}
