// The time limit of one probe. Invariant: an answer that is already here when the time is up counts,
// because what kept us from reading it was our own loop, not the backend. Used by both probes.

export interface Deadline {
  /** Aborted when the time is up or the probe is called off. */
  readonly signal: AbortSignal;
  /** The probe has ended; must be called. */
  release(): void;
}

export function startDeadline(timeoutMs: number, calledOff: AbortSignal): Deadline {
  const controller = new AbortController();
  const callOff = () => controller.abort(calledOff.reason);
  const expire = () => controller.abort(new Error('out of time'));
  // Timers run before sockets are read: two turns, so that a connection and the answer on it both get in.
  const timer = setTimeout(() => setImmediate(() => setImmediate(expire)), timeoutMs).unref();
  if (calledOff.aborted) callOff();
  else calledOff.addEventListener('abort', callOff, { once: true });
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      calledOff.removeEventListener('abort', callOff);
    },
  };
}
