// gRPC through the engine, from HTTP/2 to HTTP/2: unary, streaming either way, errors without a message,
// cancelling. What counts is that messages pass one by one and that trailers survive.
import type { ClientHttp2Stream, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { H2Backend, type H2Handler } from '../../support/h2-backends.ts';
import { answerOf, H2Client, servingHttp2 } from '../../support/h2-engine.ts';

const CALL = {
  ':method': 'POST',
  ':path': '/shop.Cart/Add',
  'content-type': 'application/grpc',
  te: 'trailers',
  'grpc-timeout': '5S',
};
const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
});

async function calling(handler: H2Handler) {
  const backend = await H2Backend.listen(handler);
  open.push(backend);
  const engine = await servingHttp2({ a: backend.port }, { protocol: 'http2' });
  open.push(engine);
  const client = await H2Client.connect(engine.port());
  open.push(client);
  return { backend, engine, client };
}

/** A message behind its flag and length. */
function message(text: string): Buffer {
  const bytes = Buffer.alloc(5 + text.length);
  bytes.writeUInt32BE(text.length, 1);
  bytes.write(text, 5, 'latin1');
  return bytes;
}

/** Messages as they come. */
function messagesOf(stream: ClientHttp2Stream | ServerHttp2Stream): string[] {
  const messages: string[] = [];
  let rest = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
      const end = 5 + rest.readUInt32BE(1);
      messages.push(rest.toString('latin1', 5, end));
      rest = rest.subarray(end);
    }
  });
  return messages;
}

function accept(stream: ServerHttp2Stream, status = '0'): void {
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status, 'grpc-message': 'as told' }));
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
}

function trailersOf(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders> {
  return new Promise((resolve) => stream.once('trailers', resolve));
}

describe('a gRPC call', () => {
  it('S7 of one message each way keeps its fields and its status', async () => {
    const { backend, client } = await calling(async ({ stream, body }) => {
      const request = await body();
      accept(stream);
      stream.end(message(request.slice(5).toUpperCase()));
    });
    const stream = client.open(CALL);
    const messages = messagesOf(stream);
    const answer = answerOf(stream);
    stream.end(message('one apple'));
    const { status, headers, trailers } = await answer;
    expect([status, headers['content-type'], messages]).toEqual([200, 'application/grpc', ['ONE APPLE']]);
    expect([trailers['grpc-status'], trailers['grpc-message']]).toEqual(['0', 'as told']);
    const { headers: received } = backend.requests[0]!;
    expect([received[':path'], received.te, received['grpc-timeout'], received['content-type']]).toEqual([
      '/shop.Cart/Add',
      'trailers',
      '5S',
      'application/grpc',
    ]);
  });

  it('S7 that fails with nothing but a status keeps it, in the head', async () => {
    const { engine, client } = await calling(({ stream }) => {
      const fields = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' };
      stream.respond(fields, { endStream: true });
      stream.resume();
    });
    const stream = client.open(CALL);
    const answer = answerOf(stream);
    stream.end(message('nothing'));
    expect((await answer).headers['grpc-status']).toBe('5');
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(0));
    expect(engine.count('api/a', 'errors')).toBe(0);
  });

  it('S7 keeps trailers behind a body of announced length, and those of the request', async () => {
    const { backend, client } = await calling(async ({ stream, body }) => {
      await body();
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '3' }));
      stream.respond({ ':status': 200, 'content-length': 3 }, { waitForTrailers: true });
      stream.end('abc');
    });
    const stream = client.open(CALL, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-of-request': '1' }));
    const answer = answerOf(stream);
    stream.end(message('x'));
    const { body, headers, trailers } = await answer;
    expect([body, headers['content-length'], trailers['x-sum']]).toEqual(['abc', '3', '3']);
    expect(backend.requests[0]?.trailers['x-of-request']).toBe('1');
  });

  it('S3 that streams its answers delivers each before the next is sent', async () => {
    const { backend, client } = await calling(({ stream }) => {
      stream.resume();
      accept(stream, '8');
    });
    const stream = client.open(CALL);
    stream.end(message('all'));
    const messages = messagesOf(stream);
    const trailers = trailersOf(stream);
    await vi.waitFor(() => expect(backend.requests).toHaveLength(1));
    for (let n = 1; n <= 5; n++) {
      backend.requests[0]?.stream.write(message(`part ${n}`));
      await vi.waitFor(() => expect(messages).toHaveLength(n), { interval: 5 });
    }
    backend.requests[0]?.stream.end();
    expect((await trailers)['grpc-status']).toBe('8');
    expect(messages).toEqual(['part 1', 'part 2', 'part 3', 'part 4', 'part 5']);
  });

  it('S3 that streams both ways carries each message by itself, and its half-close', async () => {
    const { engine, client } = await calling(({ stream }) => {
      accept(stream);
      let answered = 0;
      const messages = messagesOf(stream);
      stream.on('data', () => {
        for (; answered < messages.length; answered++) stream.write(message(`echo ${messages[answered]}`));
      });
      stream.on('end', () => stream.end(message('bye')));
    });
    const stream = client.open(CALL);
    const answers = messagesOf(stream);
    const trailers = trailersOf(stream);
    for (let n = 1; n <= 5; n++) {
      stream.write(message(`${n}`));
      await vi.waitFor(() => expect(answers).toHaveLength(n), { interval: 5 });
    }
    stream.end();
    expect((await trailers)['grpc-status']).toBe('0');
    expect(answers).toEqual(['echo 1', 'echo 2', 'echo 3', 'echo 4', 'echo 5', 'bye']);
    await vi.waitFor(() => expect(engine.count('api/a', 'inFlight')).toBe(0));
  });

  it('A1 that its client cancels is cancelled at the backend, and leaves the others alone', async () => {
    const { backend, engine, client } = await calling(({ stream }) => {
      stream.resume();
      accept(stream);
      stream.write(message('begun'));
    });
    const stream = client.open(CALL);
    const other = client.open(CALL);
    const messages = messagesOf(other);
    stream.resume();
    await vi.waitFor(() => expect(backend.requests).toHaveLength(2));
    stream.close(8);
    const cancelled = backend.requests[0]!.stream;
    await vi.waitFor(() => expect(cancelled.closed).toBe(true));
    expect([cancelled.rstCode, engine.count('api/a', 'inFlight')]).toEqual([8, 1]);
    expect(backend.sessions).toHaveLength(1);
    other.end();
    backend.requests[1]?.stream.end(message('still here'));
    await vi.waitFor(() => expect(messages).toEqual(['begun', 'still here']));
    expect([engine.count('api/a', 'errors'), engine.count('api/a', 'clientAborts')]).toEqual([0, 1]);
  });

  it('many at a time share one session, large messages unharmed', async () => {
    const { backend, client } = await calling(({ stream }) => {
      accept(stream);
      stream.pipe(stream);
    });
    const large = message('0123456789'.repeat(30_000)).toString('latin1');
    const calls = Array.from({ length: 20 }, () => {
      const stream = client.open(CALL);
      const answer = answerOf(stream);
      stream.end(Buffer.from(large, 'latin1'));
      return answer;
    });
    for (const { body, trailers } of await Promise.all(calls)) {
      expect(body === large).toBe(true);
      expect(trailers['grpc-status']).toBe('0');
    }
    expect(backend.sessions).toHaveLength(1);
  });
});
