// A probe under way: when it began, how long it took, and how a finding becomes a CheckResult with its
// sentence. What went wrong below HTTP is said here, so that every probe says it in the same words. Called
// by both probes, and by run-probe.ts for a target that cannot be probed at all.
import { formatAddress } from '#shared/config/primitives.ts';
import type { CheckResult } from '#shared/status.ts';
import { dialFinding, errorMessage, FINDINGS, type FindingCode } from './codes.ts';
import type { Dialled } from './dial.ts';
import type { Endpoint } from './target.ts';

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
