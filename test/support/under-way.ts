// Requests, streams and upgraded connections that are under way at a backend and stay there: what
// drains, stops and lists are tried on.
import { expect } from 'vitest';
import type { EngineHarness } from './engine-harness.ts';
import type { RawClient } from './raw-client.ts';
import type { RawServer } from './raw-server.ts';
import type { RawStream } from './raw-stream.ts';

export const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';
const SSE_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
export const EVENT = '9\r\ndata: 1\n\n\r\n';
/** The Close frame with 1001 a client gets. */
export const GOING_AWAY = Buffer.from([0x88, 0x02, 0x03, 0xe9]);
/** A whole message, from a server and from a client. */
export const TEXT_HI = Buffer.from([0x81, 0x02, 0x68, 0x69]);
export const MASKED_HI = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);

export interface Opened {
  client: RawClient;
  upstream: RawStream;
}

/** A request that is with the backend and stays there. */
export async function ask(engine: EngineHarness, backend: RawServer, request = GET): Promise<Opened> {
  const nth = backend.connections.length;
  const client = await engine.client();
  client.send(request);
  const upstream = await backend.connection(nth);
  await upstream.message();
  return { client, upstream };
}

/** Switched to `protocol`. */
export async function upgrade(
  engine: EngineHarness,
  backend: RawServer,
  protocol = 'websocket',
): Promise<Opened> {
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';
  const accept = 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n';
  const opened = await ask(
    engine,
    backend,
    `GET /live HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${key}\r\n`,
  );
  opened.upstream.send(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${accept}\r\n`,
  );
  expect((await opened.client.message()).status).toBe(101);
  return opened;
}

/** A response that has begun and has no end. */
export async function stream(engine: EngineHarness, backend: RawServer): Promise<Opened> {
  const opened = await ask(engine, backend, GET.replace('/', '/events'));
  opened.upstream.send(SSE_HEAD + EVENT);
  await opened.client.untilText('data: 1');
  return opened;
}

export async function dispose(...opened: Opened[]): Promise<void> {
  for (const { client } of opened) await client[Symbol.asyncDispose]();
}
