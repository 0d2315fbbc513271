// The real engine thread that also dies when told to, to see what the core does then. Give its URL as
// `engineThread`; `killEngine` reaches every such thread of this process.
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const CHANNEL = 'sluice-test-engine';

export const MORTAL_ENGINE = import.meta.url;

export function killEngine(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage('die');
  channel.close();
}

if (!isMainThread && process.env.VITEST_POOL_ID !== undefined) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => process.exit(1);
  channel.unref();
  await import('../../src/main/engine/thread.ts');
}
