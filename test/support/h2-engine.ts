// An engine behind an https listener that offers HTTP/2, and the clients to talk to it: node:http2 for
// what is right, raw frames for what is wrong.
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import { type Pair, testAuthority } from './certificates.ts';
import { EngineHarness, type ListenerWords, type PoolWords } from './engine-harness.ts';

let pair: Promise<Pair> | undefined;

async function localPair(): Promise<Pair> {
  const authority = await testAuthority();
  return authority.issue(['localhost', '*.test']);
}

/** The words of an https listener with HTTP/2, and more of them. */
export async function http2Listener(more: ListenerWords = {}): Promise<ListenerWords> {
  pair ??= localPair();
  const certificates = [{ name: 'local', hosts: ['localhost', '*.test'], ...(await pair) }];
  return {
    tls: {
      certificates,
      rejectUnknownName: false,
      minVersion: 'TLSv1.2',
      http2: true,
      clientCa: '',
      clientCertificateRequired: true,
      ticketSecret: 'of this test',
    },
    ...more,
  };
}

/** A pool "api" of these backends behind the listener "web". */
export async function servingHttp2(
  backends: PoolWords['backends'],
  pool: Partial<PoolWords> = {},
  listener: ListenerWords = {},
): Promise<EngineHarness> {
  return EngineHarness.serving(backends, pool, await http2Listener(listener));
}

export interface H2Answer {
  status: number;
  headers: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader;
  /** Names and values as received. */
  rawHeaders: string[];
  trailers: http2.IncomingHttpHeaders;
  interim: http2.IncomingHttpHeaders[];
  body: string;
}

export class H2Client implements AsyncDisposable {
  readonly session: ClientHttp2Session;

  constructor(session: ClientHttp2Session) {
    this.session = session;
    session.on('error', () => undefined);
  }

  static async connect(port: number, options: http2.SecureClientSessionOptions = {}): Promise<H2Client> {
    const session = http2.connect(`https://localhost:${port}`, {
      rejectUnauthorized: false,
      ...options,
    });
    const client = new H2Client(session);
    await new Promise<void>((resolve, reject) => {
      session.once('remoteSettings', () => resolve());
      session.once('error', reject);
    });
    return client;
  }

  open(headers: OutgoingHttpHeaders, options: http2.ClientSessionRequestOptions = {}): ClientHttp2Stream {
    const stream = this.session.request({ ':authority': 'a.test', ...headers }, options);
    stream.on('error', () => undefined);
    return stream;
  }

  /** Sends a request with this body and waits for the whole answer; rejects when that is cut short. */
  request(headers: OutgoingHttpHeaders, body?: string | Buffer): Promise<H2Answer> {
    const stream = this.open(headers, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    return answerOf(stream);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.session.destroyed) return;
    const closed = new Promise<void>((resolve) => this.session.once('close', () => resolve()));
    this.session.destroy();
    await closed;
  }
}

export function answerOf(stream: ClientHttp2Stream): Promise<H2Answer> {
  return new Promise((resolve, reject) => {
    const answer: H2Answer = {
      status: 0,
      headers: {},
      rawHeaders: [],
      trailers: {},
      interim: [],
      body: '',
    };
    let ended = false;
    stream.on('headers', (headers) => answer.interim.push(headers));
    stream.on('response', (headers, _flags, rawHeaders) => {
      answer.headers = headers;
      answer.rawHeaders = rawHeaders;
      answer.status = Number(headers[':status']);
    });
    stream.on('trailers', (trailers) => {
      answer.trailers = trailers;
    });
    stream.on('data', (chunk: Buffer) => {
      answer.body += chunk.toString('latin1');
    });
    stream.on('end', () => {
      ended = true;
    });
    stream.on('close', () => {
      if (ended && answer.status !== 0 && stream.rstCode === 0) resolve(answer);
      else reject(new Error(`the stream closed with code ${stream.rstCode} after status ${answer.status}`));
    });
  });
}
