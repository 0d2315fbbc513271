// One HTTP request to a backend on a connection of its own, in the version its pool speaks, judged by the
// check's expectations. Redirects are not followed, at most 64 KB of body are read, and one deadline covers
// connecting, the head and the body. Called by run-probe.ts; every outcome is a CheckResult, nothing is
// thrown.
import type { Socket } from 'node:net';
import { Client } from 'undici';
import type { HttpHealthCheck } from '#shared/config/health-check.ts';
import { formatAddress } from '#shared/config/primitives.ts';
import type { CheckResult } from '#shared/status.ts';
import { judgeAnswer, MAX_BODY_BYTES, statusExpected } from './assertions.ts';
import { errorMessage, exchangeFinding } from './codes.ts';
import { converseHttp2 } from './converse-http2.ts';
import { startDeadline } from './deadline.ts';
import { dial } from './dial.ts';
import { type Attempt, dialFailure, type Endpoint, startAttempt } from './probe-tcp.ts';

export async function probeHttp(
  endpoint: Endpoint,
  check: HttpHealthCheck,
  signal: AbortSignal,
): Promise<CheckResult> {
  const attempt = startAttempt(endpoint, check.timeoutMs);
  const deadline = startDeadline(check.timeoutMs, signal);
  try {
    const dialled = await dial(endpoint, deadline.signal);
    if (!dialled.ok) return dialFailure(attempt, dialled, deadline.signal);
    const request = requestOf(endpoint, check);
    const answered =
      endpoint.protocol === 'http2'
        ? await converseHttp2(dialled.socket, request, MAX_BODY_BYTES, deadline.signal)
        : await converse(dialled.socket, request, deadline.signal);
    return conclude(attempt, check, answered, deadline.signal);
  } finally {
    deadline.release();
  }
}

export interface ProbeRequest {
  method: HttpHealthCheck['method'];
  scheme: 'http' | 'https';
  path: string;
  headers: { host: string; 'user-agent': string; accept: string };
}

/** What came back, as far as it came. */
export interface Answered {
  /** Undefined: the head never arrived. */
  status: number | undefined;
  body: Buffer;
  truncated: boolean;
  /** Undefined: the answer is complete, or as much of it as is read. */
  error: unknown;
}

function converse(
  socket: Socket,
  { method, path, headers }: ProbeRequest,
  deadline: AbortSignal,
): Promise<Answered> {
  return new Promise((resolve) => {
    const client = clientOn(socket);
    const chunks: Buffer[] = [];
    let status: number | undefined;
    let sizeBytes = 0;

    const settle = (error: unknown) => {
      deadline.removeEventListener('abort', giveUp);
      void client.destroy();
      socket.destroy();
      const body = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES);
      resolve({ status, body, truncated: sizeBytes > MAX_BODY_BYTES, error });
    };
    const giveUp = () => settle(deadline.reason);
    if (deadline.aborted) return giveUp();
    deadline.addEventListener('abort', giveUp, { once: true });

    // `reset` announces `connection: close`: a probe must prove that new connections are served.
    const request = { method, path, headers: { ...headers }, body: null, reset: true };
    client.dispatch(request, {
      onRequestStart() {},
      onResponseStart(_controller, statusCode) {
        // Interim answers (1xx) announce the real one.
        if (statusCode >= 200) status = statusCode;
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
        sizeBytes += chunk.length;
        if (sizeBytes > MAX_BODY_BYTES) settle(undefined);
      },
      onResponseEnd: () => settle(undefined),
      onResponseError: (_controller, error) => settle(error),
    });
  });
}

/** A client for the one connection it is given: asked for another, it fails the request instead of redialling. */
function clientOn(socket: Socket): Client {
  let given = false;
  return new Client('http://probe.invalid', {
    connect(_options, callback) {
      const usable = !given && !socket.destroyed;
      given = true;
      // Not before this call returns: undici ignores a connection that it is handed while asking.
      queueMicrotask(() => (usable ? callback(null, socket) : callback(new ConnectionGone(), null)));
    },
    // The probe's own deadline covers everything.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
}

class ConnectionGone extends Error {
  readonly code = 'UND_ERR_SOCKET';
}

function requestOf(endpoint: Endpoint, check: HttpHealthCheck): ProbeRequest {
  // A zone names an interface of this machine and means nothing to the backend (RFC 6874 §1).
  const host = check.host ?? formatAddress(endpoint.host.split('%')[0] ?? endpoint.host, endpoint.port);
  return {
    method: check.method,
    scheme: endpoint.tls === null ? 'http' : 'https',
    path: check.path,
    headers: { host, 'user-agent': 'Sluice health check', accept: '*/*' },
  };
}

function conclude(
  attempt: Attempt,
  check: HttpHealthCheck,
  answered: Answered,
  deadline: AbortSignal,
): CheckResult {
  const { status, error } = answered;
  if (status === undefined) {
    if (deadline.aborted)
      return attempt.finish('L7 timeout', `${attempt.address} connected but sent no answer`);
    return attempt.finish(exchangeFinding(error, false), errorMessage(error));
  }
  // A wrong status is decided by the head alone; whatever became of the body only explains it.
  if (error !== undefined && statusExpected(check.expectStatus, status) && mayHaveBody(check, status)) {
    if (deadline.aborted)
      return attempt.finish('L7 timeout', `answered ${status}, but the body was not complete`);
    return attempt.finish(exchangeFinding(error, true), `the answer ${status}: ${errorMessage(error)}`);
  }
  const tookMs = attempt.elapsedMs();
  const body = answered.body.toString('utf8');
  const verdict = judgeAnswer(check, { status, body, truncated: answered.truncated, tookMs });
  return { at: attempt.at, tookMs, ...verdict };
}

/** undici calls a 304 with a Content-Length broken, though it is what RFC 9110 §8.6 asks for. */
function mayHaveBody(check: HttpHealthCheck, status: number): boolean {
  return check.method !== 'HEAD' && status !== 204 && status !== 304;
}
