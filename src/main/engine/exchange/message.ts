// The model of one HTTP/1.1 message head, the meeting point of the codec (head-request.ts, head-response.ts,
// body.ts, serialize.ts: pure) and the connections (sockets). A head is parsed into this and written again
// from it; the received bytes are never relayed. RFC 9112, RFC 9110. Pure.

/** How the end of a body is found. RFC 9112 §6.3. */
export const BODY = { none: 0, length: 1, chunked: 2, close: 3 } as const;
export type BodyKind = (typeof BODY)[keyof typeof BODY];

interface Head {
  /** 0 for HTTP/1.0, 1 for HTTP/1.1. */
  minor: 0 | 1;
  /** Every received field, order and case kept, latin1; framing and hop-by-hop ones included. */
  names: string[];
  values: string[];
  body: BodyKind;
  /** Of `length` bodies, and of HEAD/304 answers that carry one; -1 when absent. */
  contentLength: number;
  /** Whether the sender will keep its connection open after this message. */
  keepAlive: boolean;
  /** Lower-case tokens of every Connection field, or null when there was none. */
  connectionTokens: string[] | null;
  /** Lower-case protocol of an upgrade that was properly asked for or granted, else ''. */
  upgrade: string;
}

export interface RequestHead extends Head {
  method: string;
  /** Request target for the backend, byte-exact: origin-form, or "*" for OPTIONS. */
  target: string;
  /** Target without the query: what routes match on. */
  path: string;
  /** Authority the request is for: Host, or the absolute-form target's. Port kept. */
  host: string;
  /** `host` lower case without port, brackets kept: what routes match on. */
  hostname: string;
  /** An HTTP/1.1 client waits for 100 before it sends the body. */
  expectContinue: boolean;
  /** The client accepts trailers (TE: trailers). */
  teTrailers: boolean;
}

export interface ResponseHead extends Head {
  status: number;
  reason: string;
  /** Version it was received in, as Via names it; absent: 1.minor. */
  version?: '2';
}

/** A head the proxy refuses. `status` answers a client (400, 414, 417, 431, 501, 505); a backend's is 502. */
export interface HeadError {
  status: number;
  /** A sentence naming what is wrong: "Content-Length and Transfer-Encoding together". */
  reason: string;
}

export interface HeadLimits {
  headerLines: number;
  urlBytes: number;
}

/** For what lasts: says what was asked for, without the fields, and keeps nothing of the bytes it was read from. */
export function withoutFields(head: RequestHead): RequestHead {
  const { method, target, path, host, hostname, upgrade } = head;
  const own = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('latin1');
  const texts = { method: own(method), target: own(target), path: own(path), host: own(host) };
  return { ...head, ...texts, hostname: own(hostname), upgrade: own(upgrade), names: [], values: [] };
}
