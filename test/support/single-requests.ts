// Requests of an HTTP/1.1 client, each on a connection of its own, to engines with HTTP/2 backends.
import type { EngineHarness } from './engine-harness.ts';
import type { RawMessage } from './raw-stream.ts';

export const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';
export const POST = 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello';

/** The whole answer; `method` is that of `request`. */
export async function ask(engine: EngineHarness, request = GET, method = 'GET'): Promise<RawMessage> {
  await using client = await engine.client();
  client.send(request);
  return await client.message(method);
}
