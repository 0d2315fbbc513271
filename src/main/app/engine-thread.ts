// One engine thread as the core sees it: commands and their answers, and the watch over its heartbeat.
// A thread whose loop has stopped is given up as if it had died; whatever it still holds goes when the
// system has ended it. Started, and replaced, by engine-seats.ts.
import { Worker } from 'node:worker_threads';
import type { EngineCommand, EngineReport, EngineThreadData } from '../engine/messages.ts';

/** Commands that are answered, without the id that joins the two. */
export type EngineQuestion =
  Extract<EngineCommand, { id: number }> extends infer C
    ? C extends { id: number }
      ? Omit<C, 'id'>
      : never
    : never;
export type EngineAnswer = Extract<EngineReport, { id: number }>;
export type EngineNews = Exclude<EngineReport, { id: number } | { type: 'ready' | 'stopped' }>;

export interface EngineThread {
  /** From 0; no two living threads share one. */
  readonly index: number;
  send(command: EngineCommand): void;
  /** Settles with the answer, however late; with undefined when the thread ends without one. */
  ask(question: EngineQuestion): Promise<EngineAnswer | undefined>;
  /** Lets it finish what it does for up to `graceMs`. Settles once it has ended. */
  end(how: 'stop' | 'retire', graceMs: number): Promise<void>;
}

export interface EngineThreadOptions {
  /** URL of the thread's entry. */
  entry: string;
  index: number;
  /** A heart that has not beaten for so long has stopped. */
  silentAfterMs: number;
  /** What it says unasked. */
  onReport(report: EngineNews): void;
  /** It carries no traffic any more; `livedMs` since it was ready. Once. */
  onEnded(end: { asked: boolean; reason: string; livedMs: number }): void;
  /** The system has ended it, and its counter pages have no writer any more. Once, after `onEnded`. */
  onGone(): void;
}

const CHECKS_PER_SILENCE = 10;
/** Loading the code may take this much longer than a turn of the loop. */
const STARTING_PATIENCE = 6;
/** Beyond its own deadline, before a thread that was told to end is ended. */
const END_PATIENCE_MS = 1000;

/**
 * Requests leave little behind, so a small space for what is new costs no more CPU than the usual one,
 * and what connections leave is gone sooner: 5 KB for an idle one instead of 13 (docs/performance.md).
 */
const YOUNG_GENERATION_MB = 12;

export function startEngineThread(options: EngineThreadOptions): EngineThread {
  const { index } = options;
  const beat = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: EngineThreadData = { index, beat: beat.buffer };
  const name = `sluice-engine-${index + 1}`;
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
  const worker = new Worker(new URL(options.entry), { name, workerData, resourceLimits });
  const pending = new Map<number, (answer: EngineAnswer | undefined) => void>();
  let nextId = 1;
  let readyMs: number | undefined;
  let reason = 'it ended';
  let ending = false;
  let ended = false;
  let onGone: (() => void) | undefined;

  const heart = watchHeart(beat, options.silentAfterMs, (silentMs) => {
    reason = `it has not moved for ${Math.round(silentMs / 1000)} s`;
    declareEnded();
    void worker.terminate();
  });

  function declareEnded(): void {
    if (ended) return;
    ended = true;
    heart.unwatch();
    for (const settle of pending.values()) settle(undefined);
    pending.clear();
    const livedMs = readyMs === undefined ? 0 : performance.now() - readyMs;
    options.onEnded({ asked: ending, reason, livedMs });
  }

  worker.on('message', (report: EngineReport) => {
    // What a thread says after it was given up counts for nothing: another has taken its place.
    if (ended) return;
    if (report.type === 'ready') {
      readyMs = performance.now();
      heart.started();
    } else if (report.type === 'stopped') void worker.terminate();
    else if (!('id' in report)) options.onReport(report);
    else {
      pending.get(report.id)?.(report);
      pending.delete(report.id);
    }
  });
  worker.on('error', (error: Error) => {
    reason = error.stack ?? error.message;
  });
  worker.on('exit', () => {
    declareEnded();
    options.onGone();
    onGone?.();
  });

  return {
    index,
    send: (command) => worker.postMessage(command),
    ask(question) {
      if (ended) return Promise.resolve(undefined);
      const id = nextId++;
      worker.postMessage({ ...question, id });
      return new Promise((resolve) => pending.set(id, resolve));
    },
    end(how, graceMs) {
      ending = true;
      worker.postMessage({ type: how, deadlineMs: graceMs });
      return new Promise((resolve) => {
        const timer = setTimeout(() => void worker.terminate(), graceMs + END_PATIENCE_MS);
        const earlier = onGone;
        onGone = () => {
          clearTimeout(timer);
          earlier?.();
          resolve();
        };
      });
    },
  };
}

interface Heart {
  /** The loop turns now, and is not waited for as long as one that loads its code. */
  started(): void;
  unwatch(): void;
}

/**
 * Calls back when it has stopped. Counted in looks, not in time: a machine that slept, or a core that was busy,
 * has not looked.
 */
function watchHeart(beat: Int32Array, silentAfterMs: number, onSilent: (silentMs: number) => void): Heart {
  const everyMs = silentAfterMs / CHECKS_PER_SILENCE;
  let patience = CHECKS_PER_SILENCE * STARTING_PATIENCE;
  let seen = 0;
  let silentLooks = 0;
  const timer = setInterval(() => {
    const beats = Atomics.load(beat, 0);
    silentLooks = beats === seen ? silentLooks + 1 : 0;
    seen = beats;
    if (silentLooks >= patience) onSilent(patience * everyMs);
  }, everyMs);
  return {
    started() {
      patience = CHECKS_PER_SILENCE;
      // The first beat comes later: what it took to start is not held against a loop that turns.
      silentLooks = 0;
    },
    unwatch: () => clearInterval(timer),
  };
}
