// Serves the built window over HTTP and one fake core over a WebSocket, the way the headless host does:
// same page, same carrier, same first message. Used by the preview and by the window's e2e tests.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize, resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { type WebSocket, WebSocketServer } from 'ws';
import { CONTENT_SECURITY_POLICY } from '#shared/content-security-policy.ts';
import type { Port } from '#shared/rpc/port.ts';
import { CLOSE_UNAUTHORIZED, type FromCore, type ToCore } from '#shared/rpc/protocol.ts';
import { serve } from '#shared/rpc/serve.ts';
import type { FakeCore } from './fake-core.ts';

const ROOT = resolve(import.meta.dirname, '../..');
export const TOKEN = 'preview-token';

export interface BuiltRenderer extends AsyncDisposable {
  dir: string;
}

/** A production build in a folder of its own; disposing removes it. */
export async function buildRenderer(): Promise<BuiltRenderer> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-renderer-'));
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    await build({
      configFile: false,
      root: join(ROOT, 'src/renderer'),
      base: './',
      logLevel: 'warn',
      plugins: [react(), tailwindcss()],
      build: {
        outDir: dir,
        emptyOutDir: true,
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        // Loaded from this machine: the size of a part is no concern here.
        chunkSizeWarningLimit: 2000,
      },
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { dir, [Symbol.asyncDispose]: remove };
}

export interface RendererHost extends AsyncDisposable {
  url: string;
  /** Cuts every client off, as when the core dies; new ones are let in. */
  dropClients(): void;
  /** While false, new clients are cut off at once. */
  acceptClients(accept: boolean): void;
  /** How many clients take events right now. */
  subscribed(): number;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

export interface HostOptions {
  /** Default: one the system gives. */
  port?: number;
  /** Default true: the page carries its token, as the headless host's does. */
  tokenInPage?: boolean;
}

export async function hostRenderer(
  dir: string,
  core: FakeCore,
  options: HostOptions = {},
): Promise<RendererHost> {
  const { port = 0, tokenInPage = true } = options;
  const server = createServer(async (request, response) => {
    const path =
      normalize(new URL(request.url ?? '/', 'http://host').pathname).replace(/^\/+/, '') || 'index.html';
    const type = TYPES[extname(path)];
    const body = type === undefined ? undefined : await readFile(join(dir, path)).catch(() => undefined);
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': type,
      // The product's own: what it forbids must fail here too.
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cache-control': 'no-store',
    });
    response.end(path === 'index.html' && tokenInPage ? withToken(body.toString()) : body);
  });

  const sockets = new WebSocketServer({ server, path: '/events' });
  const subscribed = new Set<WebSocket>();
  let accept = true;
  sockets.on('connection', (socket) => {
    if (!accept) socket.close();
    else serve(socketPort(socket, subscribed), core.service, { author: 'window' });
  });

  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const drop = () => {
    for (const socket of sockets.clients) socket.terminate();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    dropClients: drop,
    acceptClients(next) {
      accept = next;
    },
    subscribed: () => subscribed.size,
    async [Symbol.asyncDispose]() {
      drop();
      sockets.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function withToken(html: string): string {
  return html.replace('<head>', `<head><meta name="sluice-token" content="${TOKEN}" />`);
}

function socketPort(socket: WebSocket, subscribed: Set<WebSocket>): Port<FromCore, ToCore> {
  let authenticated = false;
  return {
    post(message) {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      socket.on('message', (data) => {
        const message = JSON.parse(data.toString()) as ToCore | { t: 'auth'; token: string };
        if (message.t === 'auth') authenticated = message.token === TOKEN;
        else if (!authenticated) socket.close(CLOSE_UNAUTHORIZED, 'token missing or wrong');
        else {
          if (message.t === 'subscribe') subscribed.add(socket);
          if (message.t === 'unsubscribe') subscribed.delete(socket);
          listener(message);
        }
      });
    },
    onClose(listener) {
      socket.on('close', () => {
        subscribed.delete(socket);
        listener();
      });
    },
    close: () => socket.close(),
  };
}
