// The codec against llhttp (node:http), on generated and mutated messages from a fixed seed:
// - whatever the parser accepts, llhttp accepts as received, with the same target and body;
// - what the serialiser writes of it, llhttp reads as the same method, target, fields and body;
// - written one after the other on one connection, messages keep their boundaries.
// Runs a few seconds; SLUICE_FUZZ_SECONDS and SLUICE_FUZZ_SEED make it longer or different.
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, METHODS } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Forwarding } from '../../../src/main/engine/exchange/forwarded.ts';
import { BODY, type RequestHead, type ResponseHead } from '../../../src/main/engine/exchange/message.ts';
import { BodyReader } from '../../../src/main/engine/http1/body.ts';
import { findHeadEnd } from '../../../src/main/engine/http1/head-end.ts';
import { FIELD, fieldKind } from '../../../src/main/engine/http1/head-fields.ts';
import { isHeadError, parseRequestHead } from '../../../src/main/engine/http1/head-request.ts';
import { parseResponseHead } from '../../../src/main/engine/http1/head-response.ts';
import { requestHeadText, responseHeadText } from '../../../src/main/engine/http1/serialize.ts';
import { createMessages, type Messages } from '../../support/http-messages.ts';

const SECONDS = Number(process.env.SLUICE_FUZZ_SECONDS ?? 4);
const SEED = Number(process.env.SLUICE_FUZZ_SEED ?? 20_261_120);
const BATCH = 64;
const FORWARDING: Forwarding = {
  clientAddress: '127.0.0.1',
  proto: 'http',
  trusted: false,
  forwarded: false,
  via: '',
  major: 1,
};

/** A message as its reader understood it; fields as "name: value", those the proxy manages left out. */
interface Meaning {
  start: string;
  fields: string[];
  body: string;
}

/** A message the codec accepted: as received, as written again, and what both should mean. */
interface Accepted {
  received: Buffer;
  written: Buffer;
  meaning: Meaning;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Fields that are neither hop-by-hop nor the proxy's own to write: those that must arrive unchanged. */
function endToEnd(
  names: readonly string[],
  values: readonly string[],
  dropped: readonly string[] | null,
): string[] {
  const fields: string[] = [];
  for (const [index, name] of names.entries()) {
    if (fieldKind(name) !== FIELD.other || dropped?.includes(name.toLowerCase())) continue;
    fields.push(`${name}: ${values[index]}`);
  }
  return fields;
}

/** X-Forwarded-…, also as X_Forwarded_…: what only a trusted proxy may say about where a request came from. */
function originFields(names: readonly string[]): string[] {
  const lower = names.map((name) => name.toLowerCase());
  return lower.filter((name) => /^x[-_](forwarded[-_].|real[-_]ip$)/.test(name));
}

interface Body {
  forwarded: Buffer;
  payload: string;
  /** Bytes of `rest` it took; what follows is another message. */
  sizeBytes: number;
}

/** The body both as forwarded, cut into reads at random, and decoded at once; null when incomplete. */
function readBody(head: RequestHead | ResponseHead, rest: Buffer, messages: Messages): Body | null {
  const forwarded: Buffer[] = [];
  const payload: Buffer[] = [];
  const reader = new BodyReader();
  reader.start(head.body, head.contentLength, false);
  let at = 0;
  while (at < rest.length && !reader.done && reader.error === '') {
    const part = rest.subarray(at, at + 1 + messages.below(rest.length - at));
    at += reader.read(part, 0, part.length, forwarded);
  }
  const complete = reader.eof();
  const decoder = new BodyReader();
  decoder.start(head.body, head.contentLength, true);
  decoder.read(rest, 0, rest.length, payload);
  expect({ complete: decoder.eof(), error: decoder.error, bytes: decoder.bytes }).toEqual({
    complete,
    error: reader.error,
    bytes: reader.bytes,
  });
  if (!complete) return null;
  return {
    forwarded: Buffer.concat(forwarded),
    payload: Buffer.concat(payload).toString('latin1'),
    sizeBytes: at,
  };
}

function acceptRequest(bytes: Buffer, messages: Messages): Accepted | null {
  const headEnd = findHeadEnd(bytes, 0, bytes.length);
  if (headEnd === -1) return null;
  const head = parseRequestHead(bytes.toString('latin1', 0, headEnd), { headerLines: 100, urlBytes: 8000 });
  // llhttp knows a fixed list of methods; a proxy has no reason to.
  if (isHeadError(head) || !METHODS.includes(head.method)) return null;
  // What follows a request for an upgrade may be another protocol, so llhttp reads no further.
  if (head.upgrade !== '') return null;
  const body = readBody(head, bytes.subarray(headEnd), messages);
  if (body === null) return null;
  return {
    received: bytes.subarray(0, headEnd + body.sizeBytes),
    written: Buffer.concat([latin1(requestHeadText(head, FORWARDING)), body.forwarded]),
    meaning: {
      start: `${head.method} ${head.target}`,
      fields: endToEnd(head.names, head.values, [
        ...(head.connectionTokens ?? []),
        ...originFields(head.names),
      ]),
      body: body.payload,
    },
  };
}

function acceptResponse(bytes: Buffer, messages: Messages): Accepted | null {
  const headEnd = findHeadEnd(bytes, 0, bytes.length);
  if (headEnd === -1) return null;
  const head = parseResponseHead(bytes.toString('latin1', 0, headEnd), 'GET');
  if (isHeadError(head) || head.status < 200) return null;
  const body = readBody(head, bytes.subarray(headEnd), messages);
  if (body === null) return null;
  const to = { minor: 1, keepAlive: head.body !== BODY.close, body: head.body, via: '' } as const;
  return {
    received: bytes.subarray(0, headEnd + body.sizeBytes),
    written: Buffer.concat([latin1(responseHeadText(head, to)), body.forwarded]),
    meaning: {
      start: `${head.status} ${head.reason}`,
      fields: endToEnd(head.names, head.values, head.connectionTokens),
      body: body.payload,
    },
  };
}

async function meaningOf(message: IncomingMessage, start: string): Promise<Meaning> {
  const body: Buffer[] = [];
  for await (const part of message) body.push(part);
  const names = message.rawHeaders.filter((_, index) => index % 2 === 0);
  const values = message.rawHeaders.filter((_, index) => index % 2 === 1);
  return { start, fields: endToEnd(names, values, null), body: Buffer.concat(body).toString('latin1') };
}

/** Deals out cases until the time is up, and tells how many the codec accepted. */
async function fuzz(
  accept: () => Accepted | null,
  check: (batch: Accepted[]) => Promise<void>,
): Promise<number> {
  const deadline = performance.now() + (SECONDS * 1000) / 2;
  let accepted = 0;
  do {
    const batch: Accepted[] = [];
    for (let tries = 0; batch.length < BATCH && tries < BATCH * 50; tries++) {
      const found = accept();
      if (found !== null) batch.push(found);
    }
    await check(batch);
    accepted += batch.length;
  } while (performance.now() < deadline);
  return accepted;
}

describe('requests', () => {
  /** What the server read on each connection, by the client's port. */
  const connections = new Map<number, { seen: Promise<Meaning | null>[]; error: string }>();
  const server = createServer({ requireHostHeader: false, keepAliveTimeout: 0 }, (message, response) => {
    const connection = connections.get(message.socket.remotePort ?? 0);
    // A body cut short shows as the connection's error; it adds no meaning.
    connection?.seen.push(meaningOf(message, `${message.method} ${message.url}`).catch(() => null));
    message.on('end', () => response.writeHead(204).end());
  });
  server.on('checkContinue', (message, response) => server.emit('request', message, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const connection = connections.get(socket.remotePort ?? 0);
    if (connection !== undefined && connection.error === '') connection.error = error.code ?? error.message;
    socket.destroy();
  });
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  /** What llhttp makes of these bytes: all messages of one connection. */
  async function readByNode(bytes: Buffer): Promise<{ seen: Meaning[]; error: string }> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    const port = socket.localPort ?? 0;
    const connection: { seen: Promise<Meaning | null>[]; error: string } = { seen: [], error: '' };
    connections.set(port, connection);
    socket.resume().end(bytes);
    await once(socket, 'close');
    connections.delete(port);
    const seen = await Promise.all(connection.seen);
    return { seen: seen.filter((meaning) => meaning !== null), error: connection.error };
  }

  it('mean the same to llhttp, as received and as written again', {
    timeout: SECONDS * 1000 + 20_000,
  }, async () => {
    const messages = createMessages(SEED);
    const accepted = await fuzz(
      () => acceptRequest(messages.request(), messages),
      async (batch) => {
        const together = await readByNode(Buffer.concat(batch.map((one) => one.written)));
        expect(together).toEqual({ seen: batch.map((one) => one.meaning), error: '' });
        for (const one of batch.slice(0, 8)) {
          const { seen, error } = await readByNode(one.received);
          const first = seen[0] ?? { error, received: one.received.toString('latin1') };
          expect(first).toMatchObject({ body: one.meaning.body });
        }
      },
    );
    expect(accepted).toBeGreaterThan(BATCH);
  });
});

describe('responses', () => {
  /** The answers under way, by the path that asks for them. */
  const answers = new Map<string, Buffer>();
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (asked) => {
      const path = asked.toString('latin1').split(' ')[1] ?? '';
      socket.end(answers.get(path) ?? '');
    });
  });
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
  });

  async function readByNode(bytes: Buffer, path: string): Promise<Meaning> {
    answers.set(path, bytes);
    const { port } = server.address() as AddressInfo;
    const asked = httpRequest({ port, host: '127.0.0.1', path, agent: false }).end();
    const closed = new Promise<void>((resolve) => asked.on('close', resolve));
    let meaning: Meaning = { start: 'no answer', fields: [bytes.toString('latin1')], body: '' };
    asked.on('response', async (message) => {
      meaning = await meaningOf(message, `${message.statusCode} ${message.statusMessage}`).catch(
        () => meaning,
      );
    });
    let failure = '';
    asked.on('error', (error) => {
      failure = error.message;
    });
    await closed;
    if (failure !== '') meaning.start = failure;
    answers.delete(path);
    return meaning;
  }

  it('mean the same to llhttp, as received and as written again', {
    timeout: SECONDS * 1000 + 20_000,
  }, async () => {
    const messages = createMessages(SEED + 1);
    const accepted = await fuzz(
      () => acceptResponse(messages.response(), messages),
      async (batch) => {
        const written = await Promise.all(batch.map((one, at) => readByNode(one.written, `/written/${at}`)));
        expect(written).toEqual(batch.map((one) => one.meaning));
        const received = await Promise.all(
          batch.map((one, at) => readByNode(one.received, `/received/${at}`)),
        );
        expect(received.map((one) => one.body)).toEqual(batch.map((one) => one.meaning.body));
      },
    );
    expect(accepted).toBeGreaterThan(BATCH);
  });
});
