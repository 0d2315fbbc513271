// Runs one probe so that it always ends in a result: a probe that throws, or that outlives its own
// deadline, is a failed check, because a backend must never stay "up" on the strength of a probe that
// hangs. Called by the monitor.
import type { CheckResult } from '#shared/status.ts';
import { errorMessage, FINDINGS } from './codes.ts';
import { probeHttp } from './probe-http.ts';
import { probeTcp } from './probe-tcp.ts';
import type { CheckedTarget } from './target.ts';

export type Probe = (target: CheckedTarget, signal: AbortSignal) => Promise<CheckResult>;

export interface MonitorClock {
  /** ms since the epoch. */
  now(): number;
  /** Must not keep the process alive. */
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemMonitorClock: MonitorClock = {
  now: () => Date.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs).unref(),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

/** The probe that the target's check names. */
export function systemProbe(target: CheckedTarget, signal: AbortSignal): Promise<CheckResult> {
  const { check } = target;
  return check.type === 'http' ? probeHttp(target, check, signal) : probeTcp(target, check, signal);
}

export interface ProbeRun {
  clock: MonitorClock;
  probe: Probe;
  target: CheckedTarget;
  /** Aborting it calls the probe off; its result then means nothing. */
  controller: AbortController;
}

/** How much later than its own deadline a probe may end before it is called broken. */
const OVERDUE_MS = 500;

/** Never rejects. */
export function runProbe({ clock, probe, target, controller }: ProbeRun): Promise<CheckResult> {
  const { timeoutMs } = target.check;
  const at = clock.now();
  const failed = (seen: string): CheckResult => {
    const detail = FINDINGS['L7 internal'].sentence({ address: target.host, timeoutMs, seen });
    return { at, ok: false, code: 'L7 internal', tookMs: clock.now() - at, detail };
  };
  return new Promise((resolve) => {
    const limitMs = timeoutMs + OVERDUE_MS;
    const overdue = clock.setTimeout(() => {
      resolve(failed(`no verdict within ${limitMs} ms`));
      controller.abort(new Error('overdue'));
    }, limitMs);
    const settle = (result: CheckResult) => {
      clock.clearTimeout(overdue);
      resolve(result);
    };
    controller.signal.addEventListener('abort', () => settle(failed('it was called off')), { once: true });
    // Inside a promise, so that a probe that throws before its first await is caught too.
    Promise.resolve()
      .then(() => probe(target, controller.signal))
      .then(settle, (error: unknown) => settle(failed(errorMessage(error))));
  });
}
