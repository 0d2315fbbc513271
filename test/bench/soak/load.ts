// The traffic of the long run: every answer is checked, every kind goes its own pace, and what breaks
// off on purpose is counted as that. Started by the program; ends when `signal` fires.
import http from 'node:http';
import http2 from 'node:http2';
import WebSocket from 'ws';
import type { Tally } from './tally.ts';

export interface Target {
  /** Of the listener in clear text. */
  port: number;
  /** Of the listener with TLS and HTTP/2. */
  securePort: number;
  signal: AbortSignal;
  tally: Tally;
}

const MEGABYTE = 1024 * 1024;
const ANSWER_MS = 20_000;
/** Closed by us before Sluice would: a request on its way to a closing connection is nobody's fault. */
const IDLE_MS = 5000;
/** Messages, one a second, that a WebSocket may still owe. */
const UNANSWERED_MAX = 10;
const BODIES = [10, 1000, 20_000, 200_000].map((length) => Buffer.alloc(length, 0x62));

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Runs `step` again and again, `gapMs` apart. */
async function repeat(
  { signal, tally }: Target,
  kind: string,
  gapMs: number,
  step: (turn: number) => Promise<void>,
) {
  for (let turn = 0; !signal.aborted; turn++) {
    try {
      await step(turn);
      tally.add(kind);
    } catch (error) {
      if (!signal.aborted) tally.fail(kind, error);
    }
    await pause(gapMs);
  }
}

export async function runLoad(target: Target): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, timeout: IDLE_MS });
  const sessions = Array.from({ length: 2 }, () => new Session(target));
  const times = (count: number, run: () => Promise<void>) => Array.from({ length: count }, run);
  await Promise.all([
    ...times(6, () => repeat(target, 'HTTP/1.1 GET', 20, (turn) => get(target, agent, `/g${turn}`))),
    ...times(2, () => repeat(target, 'HTTP/1.1 POST', 40, (turn) => post(target, agent, turn))),
    repeat(target, 'HTTP/1.1 1 MB', 500, () => get(target, agent, '/1m')),
    ...times(4, () => repeat(target, 'HTTP/2 GET', 30, (turn) => sessions[turn & 1]!.get(`/h${turn}`))),
    repeat(target, 'HTTP/2 POST', 60, (turn) => sessions[turn & 1]!.post(BODIES[turn & 3]!)),
    repeat(target, 'HTTP/2 abort', 500, (turn) => sessions[turn & 1]!.abort()),
    repeat(target, 'WebSocket', 200, (turn) => echo(target, `hello ${turn}`)),
    ...times(20, () => repeat(target, 'WebSocket, a minute', 0, () => staying(target))),
    repeat(target, 'abort of a request', 300, () => abortRequest(target)),
    repeat(target, 'abort of a response', 300, () => abortResponse(target)),
  ]);
  for (const session of sessions) session.close();
  agent.destroy();
}

function get({ port }: Target, agent: http.Agent, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get({ port, host: '127.0.0.1', path, agent }, (response) => {
      let length = 0;
      let text = '';
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (path !== '/1m') text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const right = path === '/1m' ? length === MEGABYTE : text === `you asked for ${path}`;
        if (response.statusCode === 200 && right) resolve();
        else reject(new Error(`${response.statusCode} with ${length} bytes: ${text.slice(0, 80)}`));
      });
    });
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error(`no answer in ${ANSWER_MS} ms`)));
    request.on('error', reject);
  });
}

function post({ port }: Target, agent: http.Agent, turn: number): Promise<void> {
  const body = BODIES[turn % BODIES.length]!;
  return new Promise((resolve, reject) => {
    const chunked: http.OutgoingHttpHeaders = turn % 2 === 0 ? {} : { 'content-length': body.length };
    const request = http.request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/echo',
      agent,
      headers: chunked,
    });
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error(`no answer in ${ANSWER_MS} ms`)));
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200 && Buffer.concat(chunks).equals(body)) resolve();
        else reject(new Error(`${response.statusCode}: ${Buffer.concat(chunks).toString().slice(0, 80)}`));
      });
    });
    // In two pieces, so that the second one comes while the first is under way.
    request.write(body.subarray(0, body.length >> 1));
    setImmediate(() => request.end(body.subarray(body.length >> 1)));
  });
}

/** One HTTP/2 connection, opened again whenever it has ended. */
class Session {
  readonly #target: Target;
  #session: http2.ClientHttp2Session | null = null;

  constructor(target: Target) {
    this.#target = target;
  }

  #open(): http2.ClientHttp2Session {
    if (this.#session !== null && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const session = http2.connect(`https://localhost:${this.#target.securePort}`, {
      rejectUnauthorized: false,
    });
    session.on('error', (error) => {
      if (!this.#target.signal.aborted) this.#target.tally.fail('HTTP/2 session', error);
    });
    // Told to go: what is under way ends here, what follows goes to another session.
    session.on('goaway', () => {
      if (this.#session === session) this.#session = null;
      session.close();
    });
    this.#session = session;
    return session;
  }

  get(path: string): Promise<void> {
    return this.#repeated(() =>
      this.#exchange({ ':path': path }, null, (body) => body.toString() === `you asked for ${path}`),
    );
  }

  post(body: Buffer): Promise<void> {
    return this.#repeated(() =>
      this.#exchange({ ':path': '/echo', ':method': 'POST' }, body, (answer) => answer.equals(body)),
    );
  }

  abort(): Promise<void> {
    return this.#repeated(() => this.#beginAndAbort());
  }

  /**
   * Once more on another session if the request was refused before it was begun (RFC 9113 §8.7): the
   * client does that to a request made in the moment between the arrival of a GOAWAY and its event.
   */
  async #repeated(attempt: () => Promise<void>): Promise<void> {
    try {
      await attempt();
    } catch (error) {
      if (!String(error).includes('NGHTTP2_REFUSED_STREAM')) throw error;
      this.#session = null;
      await attempt();
      this.#target.tally.add('HTTP/2 repeated on another session');
    }
  }

  /** Takes the beginning of a megabyte and hangs up. */
  #beginAndAbort(): Promise<void> {
    return new Promise((resolve, reject) => {
      const stream = this.#open().request({ ':path': '/1m' });
      let status = 0;
      let begun = false;
      stream.setTimeout(ANSWER_MS, () => stream.close(http2.constants.NGHTTP2_CANCEL));
      stream.on('error', reject);
      stream.on('response', (answer) => {
        status = Number(answer[':status']);
      });
      stream.once('data', () => {
        begun = true;
        stream.close(http2.constants.NGHTTP2_CANCEL);
      });
      stream.once('close', () =>
        begun && status === 200 ? resolve() : reject(new Error(`nothing to abort: status ${status}`)),
      );
    });
  }

  #exchange(
    headers: http2.OutgoingHttpHeaders,
    body: Buffer | null,
    isRight: (body: Buffer) => boolean,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const stream = this.#open().request(headers, { endStream: body === null });
      let status = 0;
      const chunks: Buffer[] = [];
      stream.setTimeout(ANSWER_MS, () => {
        reject(new Error(`no answer in ${ANSWER_MS} ms`));
        stream.close(http2.constants.NGHTTP2_CANCEL);
      });
      // A stream reset with CANCEL or NO_ERROR tells of no error: without this nobody would ever hear of it.
      stream.on('close', () => reject(new Error(`closed early with ${stream.rstCode}`)));
      stream.on('response', (answer) => {
        status = Number(answer[':status']);
      });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('end', () => {
        const all = Buffer.concat(chunks);
        if (status === 200 && isRight(all)) resolve();
        else reject(new Error(`${status} with ${all.length} bytes: ${all.toString().slice(0, 80)}`));
      });
      if (body !== null) stream.end(body);
    });
  }

  close(): void {
    this.#session?.close();
  }
}

function echo({ port }: Target, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { handshakeTimeout: ANSWER_MS });
    let right = false;
    socket.on('error', reject);
    socket.on('open', () => socket.send(text));
    socket.on('message', (data) => {
      right = String(data) === text;
      socket.close(1000);
    });
    socket.on('close', (code) =>
      right ? resolve() : reject(new Error(`closed with ${code} without an echo`)),
    );
  });
}

/** Stays a minute with a message each second; a backend that is drained or removed may end it with 1001. */
function staying({ port, signal }: Target): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/stay`, { handshakeTimeout: ANSWER_MS });
    let sent = 0;
    let echoed = 0;
    const timer = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (sent - echoed > UNANSWERED_MAX) {
        reject(new Error(`${echoed} of ${sent} messages came back`));
        socket.terminate();
      } else if (sent === 60 || signal.aborted) socket.close(1000);
      else socket.send(`still here ${sent++}`);
    }, 1000);
    socket.on('message', (data) => {
      if (String(data) !== `still here ${echoed++}`) reject(new Error(`a wrong echo: ${data}`));
    });
    socket.on('error', (error) => {
      clearInterval(timer);
      reject(error);
    });
    socket.on('close', (code) => {
      clearInterval(timer);
      if (code === 1000 || code === 1001) resolve();
      else reject(new Error(`closed with ${code}`));
    });
  });
}

/** Announces more than it sends, then is gone. An answer to the half of a request would be wrong. */
function abortRequest({ port }: Target): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', method: 'POST', path: '/echo', agent: false } as const;
    const request = http.request({ ...options, headers: { 'content-length': 100_000 } });
    let left = false;
    const leave = () => {
      left = true;
      request.destroy();
    };
    request.on('response', (response) => {
      response.on('error', () => undefined);
      // The echo begins with the first bytes; anything but an echo is an error of Sluice.
      if (response.statusCode !== 200) reject(new Error(`answered with ${response.statusCode}`));
      response.resume();
    });
    request.on('error', (error) => left || reject(error));
    request.on('close', () => (left ? resolve() : reject(new Error('closed by the other side'))));
    request.write(BODIES[1], () => setTimeout(leave, 5));
  });
}

/** Reads the beginning of a megabyte, then is gone. */
function abortResponse({ port }: Target): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = false;
    const request = http.get({ port, host: '127.0.0.1', path: '/1m', agent: false }, (response) => {
      response.on('error', () => undefined);
      response.once('data', () => {
        begun = response.statusCode === 200;
        request.destroy();
      });
    });
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error(`no answer in ${ANSWER_MS} ms`)));
    request.on('error', (error) => begun || reject(error));
    request.on('close', () => (begun ? resolve() : reject(new Error('nothing to abort'))));
  });
}
