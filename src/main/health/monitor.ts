// Decides when each backend is probed and keeps what the results add up to. Invariants: at most one
// probe per target is under way; a target that was removed, re-addressed or asked something else is
// never reported on again by an older probe; nothing is reported after stop(). Driven by the app layer:
// apply() on every plan, callbacks on every result. Time and chance come in, so tests script both.
import type { HealthCheckConfig } from '#shared/config/health-check.ts';
import type { CheckResult, HealthProgress, HealthState } from '#shared/status.ts';
import {
  ASSUMED_UP,
  CHECKING,
  carryOver,
  type HealthOpinion,
  judge,
  progressOf,
  UNCHECKED,
} from './judge.ts';
import { createPace } from './pace.ts';
import { type MonitorClock, type Probe, runProbe, systemProbe } from './run-probe.ts';
import { firstDelayMs, nextDelayMs } from './schedule.ts';
import { type HealthTarget, isChecked, sameAddress, sameQuestion } from './target.ts';

export interface HealthTransition {
  key: string;
  at: number;
  /** `unchecked` for a target that is new: nothing was known of it. */
  from: HealthState;
  to: HealthState;
  /** The probe that decided; null when a change of configuration did. */
  check: CheckResult | null;
}

export interface TargetHealth {
  state: HealthState;
  progress: HealthProgress | null;
  /** When `state` was entered, ms since the epoch. */
  since: number;
  lastCheck: CheckResult | null;
}

export interface MonitorOptions {
  clock: MonitorClock;
  /** Uniform in [0, 1). */
  random(): number;
  /** Default: the HTTP or TCP probe the check names. */
  probe?: Probe;
  /** Every finished probe, before the transition it may cause. */
  onResult(key: string, result: CheckResult): void;
  onTransition(transition: HealthTransition): void;
}

export interface Monitor {
  /**
   * Makes `targets` the whole set. What did not change keeps its state and its schedule; what is asked
   * something else keeps its standing until that has a verdict.
   */
  apply(targets: readonly HealthTarget[]): void;
  /** The same target by another name: all that is known of it and a probe under way follow. Before apply(). */
  rename(from: string, to: string): void;
  /** Undefined for a key that is not among the targets. */
  health(key: string): TargetHealth | undefined;
  /** Aborts every probe; resolves when none is left. */
  stop(): Promise<void>;
}

/** Identity and mutable state of one target; replaced, never reused, when its address or check is another. */
interface TargetState {
  target: HealthTarget;
  opinion: HealthOpinion;
  since: number;
  lastCheck: CheckResult | null;
  startedAt: number;
  timer: unknown;
  running: AbortController | null;
}

export function createMonitor(options: MonitorOptions): Monitor {
  const { clock, random, onResult, onTransition } = options;
  const probe = options.probe ?? systemProbe;
  const states = new Map<string, TargetState>();
  const underWay = new Set<Promise<void>>();
  const pace = createPace();
  let stopped = false;

  function apply(targets: readonly HealthTarget[]): void {
    if (stopped) return;
    const kept = new Set(targets.map((target) => target.key));
    for (const [key, state] of states) {
      if (!kept.has(key)) forget(key, state);
    }
    const started: TargetState[] = [];
    const changes: HealthTransition[] = [];
    for (const target of targets) {
      const before = states.get(target.key);
      if (before && sameAddress(before.target, target) && sameQuestion(before.target, target))
        adjust(before, target);
      else {
        const state = begin(target, before);
        if (target.check) started.push(state);
        const from = before?.opinion.state ?? 'unchecked';
        if (from !== state.opinion.state) {
          changes.push({ key: target.key, at: state.since, from, to: state.opinion.state, check: null });
        }
      }
    }
    started.forEach((state, index) => {
      const periodMs = state.target.check?.intervalMs ?? 0;
      schedule(state, firstDelayMs(index, started.length, periodMs));
    });
    // Only now, so that a listener that asks for health() sees the whole set.
    for (const change of changes) onTransition(change);
  }

  function begin(target: HealthTarget, before: TargetState | undefined): TargetState {
    if (before) forget(target.key, before);
    const opinion = firstOpinion(target, before);
    const now = clock.now();
    const since = before?.opinion.state === opinion.state ? before.since : now;
    const state: TargetState = {
      target,
      opinion,
      since,
      lastCheck: null,
      startedAt: now,
      timer: null,
      running: null,
    };
    states.set(target.key, state);
    return state;
  }

  /**
   * Thresholds and timing changed at most: the opinion stays, a new interval counts from the last
   * start. A target still waiting for its first probe keeps its place.
   */
  function adjust(state: TargetState, target: HealthTarget): void {
    const before = state.target.check?.intervalMs;
    state.target = target;
    if (target.check === null || target.check.intervalMs === before) return;
    if (state.running === null && state.lastCheck !== null) scheduleNext(state, target.check);
  }

  function forget(key: string, state: TargetState): void {
    states.delete(key);
    if (state.timer !== null) clock.clearTimeout(state.timer);
    state.timer = null;
    state.running?.abort(new Error('no longer wanted'));
  }

  function schedule(state: TargetState, delayMs: number): void {
    if (state.timer !== null) clock.clearTimeout(state.timer);
    state.timer = clock.setTimeout(() => {
      state.timer = null;
      pace.run(() => start(state));
    }, delayMs);
  }

  function scheduleNext(state: TargetState, check: HealthCheckConfig): void {
    schedule(
      state,
      nextDelayMs({ startedAt: state.startedAt, now: clock.now(), intervalMs: check.intervalMs }, random()),
    );
  }

  function start(state: TargetState): void {
    const { target } = state;
    // Forgotten, or scheduled once more and started while it waited for its turn.
    if (states.get(target.key) !== state || state.running !== null || !isChecked(target)) return;
    if (state.timer !== null) clock.clearTimeout(state.timer);
    state.timer = null;
    const controller = new AbortController();
    state.running = controller;
    state.startedAt = clock.now();
    const attempt = runProbe({ clock, probe, target, controller }).then((result) => {
      underWay.delete(attempt);
      if (result === undefined) repeat(state);
      else finish(state, result);
    });
    underWay.add(attempt);
  }

  /** At once; after a stall that many targets met, spread, or their probes would be the next stall. */
  function repeat(state: TargetState): void {
    const { key, check } = state.target;
    if (states.get(key) !== state || check === null) return;
    state.running = null;
    const index = Math.floor(random() * states.size);
    schedule(state, firstDelayMs(index, states.size, check.intervalMs));
  }

  function finish(state: TargetState, result: CheckResult): void {
    const { key, check } = state.target;
    // A result for a target that was removed or replaced meanwhile says nothing any more.
    if (states.get(key) !== state || check === null) return;
    state.running = null;
    const from = state.opinion.state;
    state.opinion = judge(state.opinion, result.ok, check);
    state.lastCheck = result;
    const now = clock.now();
    const { opinion } = state;
    if (opinion.state !== from) state.since = now;
    // Before the callbacks: one that throws must not end the probing.
    scheduleNext(state, check);
    onResult(key, result);
    if (opinion.state !== from) onTransition({ key, at: now, from, to: opinion.state, check: result });
  }

  return {
    apply,
    rename(from, to) {
      const state = states.get(from);
      if (state === undefined || states.has(to)) return;
      states.delete(from);
      state.target = { ...state.target, key: to };
      states.set(to, state);
    },
    health(key) {
      const state = states.get(key);
      if (!state) return undefined;
      const { opinion, since, lastCheck, target } = state;
      const progress = target.check && progressOf(opinion, target.check);
      return { state: opinion.state, progress, since, lastCheck };
    },
    async stop() {
      stopped = true;
      pace.stop();
      for (const [key, state] of states) forget(key, state);
      await Promise.allSettled(underWay);
    },
  };
}

function firstOpinion(target: HealthTarget, before: TargetState | undefined): HealthOpinion {
  if (target.check === null) return UNCHECKED;
  if (before && sameAddress(before.target, target)) return carryOver(before.opinion);
  return target.optimistic ? ASSUMED_UP : CHECKING;
}
