// The real engine thread that also dies when told to and can be kept from starting, to see what the
// core does meanwhile. Give its URL as `engineThread` and keep the engines of this process by one keeper.
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const CHANNEL = 'sluice-kept-engine';

export const KEPT_ENGINE = import.meta.url;

export interface EngineKeeper extends Disposable {
  /** Ends the engine; the next one does not start before `release`. */
  kill(): void;
  release(): void;
}

/** To be made before the core: without a keeper no such engine starts. */
export function keepEngines(): EngineKeeper {
  const channel = new BroadcastChannel(CHANNEL);
  let held = false;
  let waiting = false;
  channel.onmessage = (message) => {
    if (dataOf(message) !== 'may I start?') return;
    if (held) waiting = true;
    else channel.postMessage('start');
  };
  return {
    kill() {
      held = true;
      channel.postMessage('die');
    },
    release() {
      held = false;
      if (waiting) channel.postMessage('start');
      waiting = false;
    },
    [Symbol.dispose]: () => channel.close(),
  };
}

function dataOf(message: unknown): unknown {
  return (message as { data?: unknown }).data;
}

if (!isMainThread && process.env.VITEST_POOL_ID !== undefined) {
  const channel = new BroadcastChannel(CHANNEL);
  // Commands that arrive before the engine is there wait in the thread's port.
  await new Promise<void>((resolve) => {
    channel.onmessage = (message) => {
      if (dataOf(message) === 'die') process.exit(1);
      if (dataOf(message) === 'start') resolve();
    };
    channel.postMessage('may I start?');
  });
  channel.unref();
  await import('../../src/main/engine/thread.ts');
}
