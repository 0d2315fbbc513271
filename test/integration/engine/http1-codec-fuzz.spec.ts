// The codec against llhttp, the parser of node:http, on generated and mutated messages from a fixed seed.
// Of every message the codec accepts, upgrades, interim answers and answers to HEAD included:
// - llhttp reads as received the same method, target, fields, framing and body, and the same end;
// - what the serialiser writes of it, llhttp reads as exactly what test/support/rewriting.ts says a proxy
//   has to make of it: start line, fields in order, framing, body and trailers;
// - written one after the other on one connection, messages keep their boundaries.
// http1-engine-fuzz.spec.ts does the same through sockets. Fuzz-run.ts says how to run it longer.
import { describe, expect, it } from 'vitest';
import { BODY } from '../../../src/main/engine/exchange/message.ts';
import { requestHeadText, responseHeadText } from '../../../src/main/engine/http1/serialize.ts';
import { acceptRequest, acceptResponse } from '../../support/accepted-messages.ts';
import { expectSame, fuzz, SEED, TIMEOUT_MS } from '../../support/fuzz-run.ts';
import { createMessages } from '../../support/http-messages.ts';
import { type HttpMessage, HttpReader } from '../../support/llhttp.ts';
import {
  type ForwardingRules,
  forwardedRequest,
  forwardedResponse,
  type Meaning,
  meaningOf,
} from '../../support/rewriting.ts';

const BATCH = 64;
const LEAST = 1500;
const CLIENT = { clientAddress: '127.0.0.1', proto: 'http', major: 1 } as const;
const FORWARDINGS = [
  { ...CLIENT, trusted: false, forwarded: false, via: '' },
  { ...CLIENT, trusted: false, forwarded: true, via: 'sluice' },
  { ...CLIENT, trusted: true, forwarded: false, via: '' },
] as const satisfies ForwardingRules[];

/** What was written on one connection, and what must be read there. */
interface Written {
  bytes: Buffer[];
  expected: Meaning[];
  /** Bytes of another protocol behind the last message. */
  behind: Buffer;
}

function expectRead({ messages, error, behind }: HttpReader, written: Written): void {
  const bytes = Buffer.concat(written.bytes);
  const read = { messages: messages.map(meaningOf), error, behind: Buffer.concat(behind).toString('latin1') };
  const expected = { messages: written.expected, error: '', behind: written.behind.toString('latin1') };
  expectSame(read, expected, 'what was written', bytes);
}

/** What each kind of message did to be judged: a generator that yields none of a kind proves nothing. */
function counter(): {
  count: (kind: string, when: boolean) => void;
  rare: (kinds: string[], least: number) => string[];
} {
  const counts = new Map<string, number>();
  return {
    count(kind, when) {
      if (when) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    },
    rare: (kinds, least) => kinds.filter((kind) => (counts.get(kind) ?? 0) < least),
  };
}

describe('requests', () => {
  it('mean the same to llhttp, as received and as written again', { timeout: TIMEOUT_MS }, async () => {
    const messages = createMessages(SEED);
    const { count, rare } = counter();
    await fuzz(LEAST, () => {
      const written: Written = { bytes: [], expected: [], behind: Buffer.alloc(0) };
      for (let tries = 0; written.expected.length < BATCH && tries < BATCH * 50; tries++) {
        const accepted = acceptRequest(messages.request(), messages);
        if (typeof accepted === 'string' || 'status' in accepted) continue;
        const { head, forwardedBody, read } = accepted;
        const forwarding = FORWARDINGS[messages.below(FORWARDINGS.length)] ?? FORWARDINGS[0];
        written.bytes.push(Buffer.from(requestHeadText(head, forwarding), 'latin1'), forwardedBody);
        written.expected.push(forwardedRequest(read, forwarding));
        count('chunked', head.body === BODY.chunked);
        count('length', head.body === BODY.length);
        count('upgrade', head.upgrade !== '');
        count('trailers', read.trailers.length > 0);
        count('URL', read.target.includes('://'));
        count('HTTP/1.0', head.minor === 0);
        if (head.upgrade === '') continue;
        // Nothing of HTTP can follow.
        written.behind = messages.payload();
        written.bytes.push(written.behind);
        break;
      }
      expectRead(new HttpReader('request').readAll(Buffer.concat(written.bytes)), written);
      return written.expected.length;
    });
    expect(rare(['chunked', 'length', 'upgrade', 'trailers', 'URL', 'HTTP/1.0'], 3)).toEqual([]);
  });
});

describe('responses', () => {
  it('mean the same to llhttp, as received and as written again', { timeout: TIMEOUT_MS }, async () => {
    const messages = createMessages(SEED + 1);
    const { count, rare } = counter();
    await fuzz(LEAST, () => {
      const written: Written = { bytes: [], expected: [], behind: Buffer.alloc(0) };
      const methods: string[] = [];
      for (let tries = 0; methods.length < BATCH && tries < BATCH * 50; tries++) {
        const method = messages.chance(0.3) ? 'HEAD' : 'GET';
        const accepted = acceptResponse(messages.response(), method, messages);
        if (accepted === null) continue;
        methods.push(method);
        const { heads, forwardedBody, read } = accepted;
        const last = heads.at(-1);
        if (last === undefined) throw new Error('a response without a head');
        const to = {
          minor: 1,
          keepAlive: messages.chance(0.7),
          via: messages.chance(0.3) ? 'sluice' : '',
        } as const;
        for (const head of heads)
          written.bytes.push(Buffer.from(responseHeadText(head, { ...to, body: head.body }), 'latin1'));
        written.bytes.push(forwardedBody);
        written.expected.push(
          ...read.map((one) => forwardedResponse(one, { ...to, method, rechunks: false })),
        );
        count('interim', heads.length > 1);
        count('HEAD', method === 'HEAD');
        count('chunked', last.body === BODY.chunked);
        count('length', last.body === BODY.length);
        count('close', last.body === BODY.close);
        count('switch', last.upgrade !== '');
        count('trailers', forwardedBody.length > 0 && (read.at(-1)?.trailers.length ?? 0) > 0);
        if (last.status === 101) {
          written.behind = messages.payload();
          written.bytes.push(written.behind);
        }
        // The connection ends behind these.
        if (last.status === 101 || last.body === BODY.close || !to.keepAlive) break;
      }
      let answered = 0;
      const reader = new HttpReader('response', {
        methodOf: () => methods[answered] ?? 'GET',
        onComplete: (message: HttpMessage) => {
          if (message.status >= 200) answered++;
        },
      });
      expectRead(reader.readAll(Buffer.concat(written.bytes)), written);
      return methods.length;
    });
    expect(rare(['interim', 'HEAD', 'chunked', 'length', 'close', 'switch', 'trailers'], 3)).toEqual([]);
  });
});
