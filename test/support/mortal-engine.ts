// The real engine thread that also dies, hangs or throws when told to, to see what the core does then.
// Give its URL as `engineThread`; orders reach every such thread of this process, or the one of that number.
import { BroadcastChannel, isMainThread, workerData } from 'node:worker_threads';

const CHANNEL = 'sluice-test-engine';

export const MORTAL_ENGINE = import.meta.url;

type Deed = 'die' | 'hang' | 'throw';

interface Order {
  deed: Deed;
  thread: number | undefined;
}

export function killEngine(thread?: number): void {
  orderEngine('die', thread);
}

/** `hang`: its loop never turns again. `throw`: something throws where nobody catches. */
export function orderEngine(deed: Deed, thread?: number): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ deed, thread } satisfies Order);
  channel.close();
}

function obey({ deed, thread }: Order): void {
  if (thread !== undefined && thread !== workerData?.index) return;
  if (deed === 'die') process.exit(1);
  if (deed === 'throw') throw new Error('told to throw');
  for (;;) Math.sqrt(2);
}

if (!isMainThread && process.env.VITEST_POOL_ID !== undefined) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent) => setImmediate(obey, data as Order);
  channel.unref();
  await import('../../src/main/engine/thread.ts');
}
