// A whole engine against llhttp, on generated and mutated messages from a fixed seed: a client pipelines
// requests through sockets, cut at random places, and the backend answers in pieces. Of every exchange,
// upgrades, interim answers and answers to HEAD included, backend and client read with llhttp exactly what
// test/support/rewriting.ts says a proxy has to make of the messages sent; of what the engine refuses,
// no whole request reaches the backend. Fuzz-run.ts says how to run it longer.
import { describe, expect, it } from 'vitest';
import { BODY } from '../../../src/main/engine/exchange/message.ts';
import { acceptOf } from '../../../src/main/engine/exchange/web-socket-handshake.ts';
import { type AcceptedRequest, acceptRequest, acceptResponse } from '../../support/accepted-messages.ts';
import { EngineHarness } from '../../support/engine-harness.ts';
import { type Answer, FuzzBackend } from '../../support/fuzz-backend.ts';
import { ask } from '../../support/fuzz-client.ts';
import { expectSame, fuzz, SEED, TIMEOUT_MS } from '../../support/fuzz-run.ts';
import { createMessages, type Messages } from '../../support/http-messages.ts';
import { type HttpMessage, HttpReader } from '../../support/llhttp.ts';
import {
  forwardedRequest,
  forwardedResponse,
  type Meaning,
  meaningOf,
  valuesOf,
} from '../../support/rewriting.ts';

const PIPELINED = 6;
const LEAST = 400;
const FORWARDING = { clientAddress: '127.0.0.1', proto: 'http', trusted: false, forwarded: false, via: '' };

/** What one client sends, what the backend answers, and what both must read. */
interface Conversation {
  methods: string[];
  sent: Buffer[];
  answers: Answer[];
  atBackend: Meaning[];
  atClient: Meaning[];
  /** Status of the engine's own answer to what it refuses at the end; null: nothing of the kind. */
  refusedWith: number | null;
  toBackend: Buffer;
  toClient: Buffer;
  /** The engine ends the connection. */
  ends: boolean;
}

function createConversation(messages: Messages): Conversation {
  const talk: Conversation = {
    methods: [],
    sent: [],
    answers: [],
    atBackend: [],
    atClient: [],
    refusedWith: null,
    toBackend: Buffer.alloc(0),
    toClient: Buffer.alloc(0),
    ends: false,
  };
  const wanted = 1 + messages.below(PIPELINED);
  while (talk.methods.length < wanted && !talk.ends) {
    const accepted = acceptRequest(messages.request(), messages);
    if (typeof accepted === 'object' && 'head' in accepted) addExchange(talk, accepted, messages);
  }
  if (!talk.ends && messages.chance(0.3)) addRefused(talk, messages);
  return talk;
}

function addExchange(talk: Conversation, request: AcceptedRequest, messages: Messages): void {
  const { head, read, bytes } = request;
  talk.methods.push(head.method);
  talk.sent.push(bytes);
  talk.atBackend.push(forwardedRequest(read, FORWARDING));
  const switches = head.upgrade !== '' && messages.chance(0.7);
  const answer = switches ? switchTo(request) : answerTo(head.method, messages);
  const { minor, keepAlive } = head;
  for (const one of answer.read) {
    if (one.status < 200 && minor === 0) continue;
    talk.atClient.push(
      forwardedResponse(one, { method: head.method, minor, keepAlive, rechunks: true, via: '' }),
    );
  }
  const answered = messages.pieces(answer.bytes);
  talk.answers.push({ pieces: answered, closes: answer.closes, switches });
  if (switches) {
    talk.toBackend = Buffer.concat([messages.payload(), Buffer.from('.')]);
    talk.toClient = messages.payload();
    talk.sent.push(talk.toBackend);
    answered.push(...messages.pieces(talk.toClient));
  }
  const said = talk.atClient.at(-1)?.fields.at(-1) ?? '';
  talk.ends = switches || said.startsWith('Connection: close');
}

interface GivenAnswer {
  bytes: Buffer;
  read: HttpMessage[];
  closes: boolean;
}

/** One the engine takes for a whole answer. */
function answerTo(method: string, messages: Messages): GivenAnswer {
  for (;;) {
    const accepted = acceptResponse(messages.response(), method, messages);
    if (accepted === null || accepted.heads.at(-1)?.status === 101) continue;
    const { bytes, read, heads } = accepted;
    return { bytes, read, closes: heads.at(-1)?.body === BODY.close };
  }
}

function switchTo({ head, read }: AcceptedRequest): GivenAnswer {
  const lines = ['HTTP/1.1 101 Switching Protocols', `Upgrade: ${head.upgrade}`, 'Connection: upgrade'];
  const [key = ''] = valuesOf(read, 'sec-websocket-key');
  if (head.upgrade === 'websocket') lines.push(`Sec-WebSocket-Accept: ${acceptOf(key)}`);
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return { bytes, read: new HttpReader('response').readAll(bytes).messages, closes: false };
}

/** Something at the end that no backend may get as a whole request. */
function addRefused(talk: Conversation, messages: Messages): void {
  for (;;) {
    const bytes = messages.request();
    const refused = acceptRequest(bytes, messages);
    if (typeof refused === 'string' || !('status' in refused)) continue;
    talk.sent.push(bytes);
    talk.methods.push(refused.method);
    talk.refusedWith = refused.status;
    talk.ends = true;
    return;
  }
}

/** A client that waits for it may get 100 from the engine itself, in front of its answer. */
function withoutContinue(read: Meaning[]): Meaning[] {
  return read.filter(({ start, fields }) => start !== 'HTTP/1.1 100 Continue' || fields.length > 0);
}

describe('exchanges through an engine', () => {
  it('mean the same to llhttp at the client and at the backend', { timeout: TIMEOUT_MS }, async () => {
    const messages = createMessages(SEED + 2);
    await using backend = await FuzzBackend.listen();
    await using engine = await EngineHarness.serving({ a: backend.port });
    const port = engine.port();
    const counts = { pipelined: 0, interim: 0, HEAD: 0, tunnels: 0, refused: 0 };
    await fuzz(LEAST, async () => {
      const talk = createConversation(messages);
      const { atBackend, refusedWith, toBackend, toClient, sent } = talk;
      const given = talk.answers.map(({ pieces }) => Buffer.concat(pieces).toString('latin1'));
      backend.expect(talk.answers, toBackend.length);
      const seen = await ask(port, messages.pieces(Buffer.concat(sent)), talk.methods, talk.ends);
      const answers = seen.messages.map(meaningOf);
      const refusal = refusedWith === null ? undefined : answers.pop();
      const read = {
        errors: [...backend.errors, seen.error, seen.connection],
        atBackend: backend.requests.map(meaningOf),
        atClient: withoutContinue(answers),
        refusedWith: refusal === undefined ? null : Number(refusal.start.split(' ')[1]),
        toBackend: Buffer.concat(backend.tunnelled).toString('latin1'),
        toClient: seen.tunnelled,
      };
      expectSame(
        read,
        {
          errors: ['', ''],
          atBackend,
          atClient: withoutContinue(talk.atClient),
          refusedWith,
          toBackend: toBackend.toString('latin1'),
          toClient: toClient.toString('latin1'),
        },
        `answers ${JSON.stringify(given)}, requests`,
        Buffer.concat(sent),
      );
      counts.pipelined += sent.length > 1 ? 1 : 0;
      counts.interim += talk.atClient.length > talk.answers.length ? 1 : 0;
      counts.HEAD += talk.methods.includes('HEAD') ? 1 : 0;
      counts.tunnels += toBackend.length > 0 ? 1 : 0;
      counts.refused += refusedWith === null ? 0 : 1;
      return talk.answers.length + atBackend.length;
    });
    expect(Object.entries(counts).filter(([, count]) => count < 2)).toEqual([]);
  });
});
