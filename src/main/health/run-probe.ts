// Runs one probe so that it always ends: a probe that throws, or that outlives its own deadline, is a
// failed check, because a backend must never stay "up" on the strength of a probe that hangs. One
// during which this process stood still (a busy loop, a machine asleep) measured us and not the
// backend, and is no check at all. Called by the monitor.
import type { CheckResult } from '#shared/status.ts';
import { startAttempt } from './attempt.ts';
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
  const { check, fault } = target;
  if (fault !== '')
    return Promise.resolve(startAttempt(target, check.timeoutMs).finish('L6 settings', fault));
  return check.type === 'http' ? probeHttp(target, check, signal) : probeTcp(target, check, signal);
}

export interface ProbeRun {
  clock: MonitorClock;
  probe: Probe;
  target: CheckedTarget;
  /** Aborting it calls the probe off; its result then means nothing. */
  controller: AbortController;
}

/** A probe that has not ended this long after its deadline was noticed is broken. */
const OVERDUE_MS = 500;
/** A probe ends at its deadline at the latest; one that ends this much later was kept from it by us. */
const STALL_MS = 250;

/** Never rejects. Undefined: this process stood still, so the probe must be run again. */
export function runProbe({ clock, probe, target, controller }: ProbeRun): Promise<CheckResult | undefined> {
  const { timeoutMs } = target.check;
  const at = clock.now();
  const failed = (seen: string): CheckResult => {
    const detail = FINDINGS['L7 internal'].sentence({ address: target.host, timeoutMs, seen });
    return { at, ok: false, code: 'L7 internal', tookMs: clock.now() - at, detail };
  };
  return new Promise((resolve) => {
    let timer: unknown;
    // Counted from when the deadline was seen to pass: after a stall both would be due at once, and the
    // probe had no turn to end in.
    const watch = (delayMs: number, then: () => void) => {
      const due = clock.now() + delayMs;
      timer = clock.setTimeout(() => {
        if (clock.now() - due > STALL_MS) watch(OVERDUE_MS, giveUp);
        else then();
      }, delayMs);
    };
    const giveUp = () => {
      resolve(failed(`no verdict within ${timeoutMs + OVERDUE_MS} ms`));
      controller.abort(new Error('overdue'));
    };
    watch(timeoutMs, () => watch(OVERDUE_MS, giveUp));
    const settle = (result: CheckResult) => {
      clock.clearTimeout(timer);
      const stalled = clock.now() - at > timeoutMs + STALL_MS;
      resolve(stalled ? undefined : result);
    };
    controller.signal.addEventListener('abort', () => settle(failed('it was called off')), { once: true });
    // Inside a promise, so that a probe that throws before its first await is caught too.
    Promise.resolve()
      .then(() => probe(target, controller.signal))
      .then(settle, (error: unknown) => settle(failed(errorMessage(error))));
  });
}
