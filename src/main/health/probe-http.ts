// One HTTP request to a backend on a connection of its own, in the version its pool speaks, judged by the
// check's expectations. Redirects are not followed, at most 64 KB of body are read, and one deadline covers
// connecting, the head and the body. Called by run-probe.ts; every outcome is a CheckResult, nothing is
// thrown.
import type { HttpHealthCheck } from '#shared/config/health-check.ts';
import { formatAddress } from '#shared/config/primitives.ts';
import type { CheckResult } from '#shared/status.ts';
import { judgeAnswer, statusExpected } from './assertions.ts';
import { type Attempt, dialFailure, startAttempt } from './attempt.ts';
import { errorMessage, exchangeFinding } from './codes.ts';
import type { Answered, ProbeRequest } from './converse.ts';
import { converseHttp1 } from './converse-http1.ts';
import { converseHttp2 } from './converse-http2.ts';
import { startDeadline } from './deadline.ts';
import { dial } from './dial.ts';
import type { Endpoint } from './target.ts';

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
    const converse = endpoint.protocol === 'http2' ? converseHttp2 : converseHttp1;
    const answered = await converse(dialled.socket, request, deadline.signal);
    return conclude(attempt, check, answered, deadline.signal);
  } finally {
    deadline.release();
  }
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
