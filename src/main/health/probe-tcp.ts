// One attempt to open a connection to a backend, over TLS where its pool says so. Nothing is sent beyond the
// handshake; opening is the success. Called by run-probe.ts.
import type { TcpHealthCheck } from '#shared/config/health-check.ts';
import type { CheckResult } from '#shared/status.ts';
import { dialFailure, startAttempt } from './attempt.ts';
import { startDeadline } from './deadline.ts';
import { dial } from './dial.ts';
import type { Endpoint } from './target.ts';

export async function probeTcp(
  endpoint: Endpoint,
  check: Pick<TcpHealthCheck, 'timeoutMs'>,
  signal: AbortSignal,
): Promise<CheckResult> {
  const attempt = startAttempt(endpoint, check.timeoutMs);
  const deadline = startDeadline(check.timeoutMs, signal);
  try {
    const dialled = await dial(endpoint, deadline.signal);
    if (!dialled.ok) return dialFailure(attempt, dialled, deadline.signal);
    dialled.socket.destroy();
    return attempt.finish(endpoint.tls === null ? 'L4 ok' : 'L6 ok');
  } finally {
    deadline.release();
  }
}
