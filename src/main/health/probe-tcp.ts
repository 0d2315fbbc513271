// One attempt to open a connection to a backend, over TLS where its pool says so. Nothing is sent beyond the
// handshake; opening is the success. Called by run-probe.ts, and by probe-http.ts for everything up to the
// connection.

import type { TcpHealthCheck } from '#shared/config/health-check.ts';
import { formatAddress } from '#shared/config/primitives.ts';
import type { CheckResult } from '#shared/status.ts';
import { dialFinding, errorMessage, FINDINGS, type FindingCode } from './codes.ts';
import { startDeadline } from './deadline.ts';
import { type Dialled, dial } from './dial.ts';
import type { HealthTarget, TargetTls } from './target.ts';

export interface Endpoint {
  host: string;
  port: number;
  protocol: HealthTarget['protocol'];
  /** Null: in clear text. */
  tls: TargetTls | null;
}

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

/** A probe under way: turns a finding into the result, with its start and duration. */
export interface Attempt {
  address: string;
  at: number;
  elapsedMs(): number;
  finish(code: FindingCode, seen?: string): CheckResult;
}

export function startAttempt(endpoint: Pick<Endpoint, 'host' | 'port'>, timeoutMs: number): Attempt {
  const address = formatAddress(endpoint.host, endpoint.port);
  const at = Date.now();
  const startMs = performance.now();
  const elapsedMs = () => Math.round((performance.now() - startMs) * 10) / 10;
  return {
    address,
    at,
    elapsedMs,
    finish(code, seen = '') {
      const { ok, sentence } = FINDINGS[code];
      return { at, ok, code, tookMs: elapsedMs(), detail: sentence({ address, timeoutMs, seen }) };
    },
  };
}

export function dialFailure(
  attempt: Attempt,
  dialled: Extract<Dialled, { ok: false }>,
  deadline: AbortSignal,
): CheckResult {
  if (dialled.layer === 'tls') {
    return dialled.seen === undefined
      ? attempt.finish('L6 timeout')
      : attempt.finish('L6 failed', dialled.seen);
  }
  if (deadline.aborted) return attempt.finish('L4 timeout');
  return attempt.finish(dialFinding(dialled.error), errorMessage(dialled.error));
}
