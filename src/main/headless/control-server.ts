// The control endpoint: the contract over HTTP and WebSocket, and the window's files. node:http is
// right here: this is not the data plane, and a standard server is what API clients expect.
//
//   GET  /healthz /metrics /stats    Host check only
//   POST /rpc/<operation>            + Origin and token; JSON in, envelope out
//   WS   /events                     + Origin; first message {"t":"auth","token":"…"}, then the rpc protocol
//   GET  anything else               the built window
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { AppError, ERRORS, type Result, type WireError } from '#shared/errors.ts';
import { CLOSE_UNAUTHORIZED, type FromCore, type ToCore } from '#shared/rpc/protocol.ts';
import type { Core } from '../core.ts';
import { webSocketPort } from '../transport/web-socket.ts';
import { serveAsset } from '../transport/window-files.ts';
import { checkHost, checkOrigin, checkToken, tokensEqual } from './guard.ts';
import { prometheusText, stats } from './stats.ts';

export interface ControlServer {
  host: string;
  port: number;
  close(): Promise<void>;
}

export interface ControlOptions {
  core: Core;
  host: string;
  port: number;
  token: string;
  /** Folder of the built window; null serves the API alone. */
  windowRoot: string | null;
  /** A request ended in a throw nobody expected: for the log. `target` is its path. */
  onBug(target: string, error: unknown): void;
}

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const AUTH_TIMEOUT_MS = 5000;

export async function startControlServer(options: ControlOptions): Promise<ControlServer> {
  const server = createServer((request, response) => {
    request.on('error', () => response.destroy());
    answer(options, server, request, response).catch((error: unknown) =>
      fail(options, request, response, error),
    );
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY_BYTES });
  server.on('upgrade', (request, socket, head) => upgrade(options, server, sockets, request, socket, head));
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    host: options.host,
    port: portOf(server),
    close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function fail(
  options: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  if (error === request.errored) {
    // The client left while it sent its body.
    response.destroy();
  } else if (error instanceof AppError) {
    sendError(response, error.toWire());
  } else {
    const target = pathOf(request);
    options.onBug(target, error);
    const message = `${target} failed unexpectedly; the log of Sluice has the details`;
    sendError(response, { code: 'internal', message });
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}

async function answer(
  options: ControlOptions,
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const wrongHost = checkHost(request.headers, portOf(server));
  if (wrongHost) return sendError(response, wrongHost);
  const pathname = pathOf(request);
  if (pathname.startsWith('/rpc/'))
    return rpc(options, server, request, response, pathname.slice('/rpc/'.length));
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return send(
      response,
      405,
      'text/plain; charset=utf-8',
      'only GET here; operations are POST /rpc/<operation>\n',
    );
  }
  switch (pathname) {
    case '/healthz':
      return send(response, 200, 'text/plain; charset=utf-8', 'ok\n');
    case '/metrics':
      return send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', await metrics(options.core));
    case '/stats':
      return send(response, 200, 'application/json', JSON.stringify(await statsOf(options.core)));
  }
  if (options.windowRoot !== null && pathname.startsWith('/')) {
    return sendFile(options.windowRoot, request.method, pathname, response);
  }
  send(response, 404, 'text/plain; charset=utf-8', `there is nothing at ${pathname}\n`);
}

async function sendFile(
  root: string,
  method: string,
  pathname: string,
  response: ServerResponse,
): Promise<void> {
  const file = await serveAsset(root, { method, url: `http://control.invalid${pathname}` });
  response.writeHead(file.status, Object.fromEntries(file.headers));
  response.end(Buffer.from(await file.arrayBuffer()));
}

async function metrics(core: Core): Promise<string> {
  return prometheusText(await core.query('status.get', {}), await core.query('system.get', {}));
}

async function statsOf(core: Core) {
  const { config } = await core.query('config.get', {});
  const securePools = config.pools.filter((pool) => pool.tls !== undefined).map((pool) => pool.name);
  return stats(await core.query('status.get', {}), new Set(securePools));
}

/** The path without its query. Not by URL: what a client may send as a target, such as "//", need not be one. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
}

async function rpc(
  options: ControlOptions,
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
  operation: string,
): Promise<void> {
  const refused = checkOrigin(request.headers, portOf(server)) ?? checkToken(request.headers, options.token);
  if (refused) return sendError(response, refused);
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    return send(response, 405, 'text/plain; charset=utf-8', `POST /rpc/${operation} with a JSON body\n`);
  }
  const body = await readJson(request);
  const result = body.ok ? await options.core.call(operation, body.value, { author: 'api' }) : body;
  const status = result.ok ? 200 : ERRORS[result.error.code].httpStatus;
  send(response, status, 'application/json', JSON.stringify(result));
}

/** An empty body is an empty input, so that plain `curl -X POST` works for operations without any. */
async function readJson(request: IncomingMessage): Promise<Result<unknown>> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += (chunk as Buffer).length;
    if (sizeBytes > MAX_BODY_BYTES) return invalid(`the body is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  if (sizeBytes === 0) return { ok: true, value: {} };
  try {
    return { ok: true, value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch (error) {
    return invalid(`the body is not JSON: ${(error as Error).message}`);
  }
}

function invalid(message: string): Result<never> {
  return { ok: false, error: { code: 'invalid', message } };
}

function upgrade(
  options: ControlOptions,
  server: Server,
  sockets: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  socket.on('error', () => socket.destroy());
  const port = portOf(server);
  const refused = checkHost(request.headers, port) ?? checkOrigin(request.headers, port);
  if (refused || pathOf(request) !== '/events') {
    socket.end(
      `HTTP/1.1 ${refused ? '403 Forbidden' : '404 Not Found'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    );
    return;
  }
  sockets.handleUpgrade(request, socket, head, (client) => {
    client.on('error', () => client.terminate());
    if (!checkToken(request.headers, options.token)) return accept(options, client, 'api');
    awaitToken(options, client);
  });
}

/** A browser cannot set headers on a WebSocket, so its first message carries the token. */
function awaitToken(options: ControlOptions, client: WebSocket): void {
  const timer = setTimeout(() => client.close(CLOSE_UNAUTHORIZED, 'no token was sent'), AUTH_TIMEOUT_MS);
  client.once('close', () => clearTimeout(timer));
  client.once('message', (data) => {
    clearTimeout(timer);
    if (isAuth(String(data), options.token)) accept(options, client, 'window');
    else client.close(CLOSE_UNAUTHORIZED, 'the token is missing or wrong');
  });
}

function isAuth(text: string, token: string): boolean {
  try {
    const message = JSON.parse(text) as { t?: unknown; token?: unknown } | null;
    return message?.t === 'auth' && typeof message.token === 'string' && tokensEqual(message.token, token);
  } catch {
    return false;
  }
}

function accept(options: ControlOptions, client: WebSocket, author: 'api' | 'window'): void {
  options.core.connect(webSocketPort<FromCore, ToCore>(client), author);
}

function sendError(response: ServerResponse, error: WireError): void {
  if (response.headersSent) return void response.destroy();
  send(response, ERRORS[error.code].httpStatus, 'application/json', JSON.stringify({ ok: false, error }));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
