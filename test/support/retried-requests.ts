// Requests and answers for tests of what a proxy sends again, and to whom.
import type { EngineHarness } from './engine-harness.ts';
import { type Answer, RawServer } from './raw-server.ts';
import type { RawMessage } from './raw-stream.ts';

export const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';

/** Hangs up on every request. */
export const hangUp: Answer = (_, connection) => void connection.end();

/** No two places of it look alike within a few hundred bytes. */
export function bodyOf(bytes: number): string {
  return Array.from({ length: bytes }, (_, i) => String.fromCharCode(i % 251)).join('');
}

export function withBody(method: string, body: string): string {
  return `${method} / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** A response with this status, which is its body as well. */
export function status(code: number, ...lines: string[]): string {
  return [`HTTP/1.1 ${code} Status`, 'Content-Length: 3', ...lines, '', String(code)].join('\r\n');
}

export function answering(code: number, ...lines: string[]): Answer {
  return () => status(code, ...lines);
}

/** A port nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = await RawServer.listen();
  const { port } = server;
  await server[Symbol.asyncDispose]();
  return port;
}

/** The answer to one request on a connection of its own. */
export async function ask(engine: EngineHarness, request: string): Promise<RawMessage> {
  await using client = await engine.client();
  return await client.send(request).message();
}

/** From this moment on a second backend is being connected to. */
export async function untilRetried(engine: EngineHarness): Promise<void> {
  while (engine.count('web', 'retries') === 0) await new Promise((resolve) => setImmediate(resolve));
}
