// The only door to time and chance for the pure modules. Hosts pass the real ones, tests script them.

export interface Clock {
  /** Wall clock, ms since the epoch: for what is shown and stored. */
  now(): number;
  /** Monotonic, ms with fraction: for durations. */
  monotonicMs(): number;
}

export interface Env {
  clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
}

export const systemEnv: Env = {
  clock: { now: () => Date.now(), monotonicMs: () => performance.now() },
  random: () => Math.random(),
};
