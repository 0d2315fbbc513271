// Joins one page to the core: messages of the page go over a port that is opened when first needed and
// replaced after a reload or a core crash. A page without a core is told so, never left waiting.
// One per window, made by ipc.ts; knows no Electron.
import type { MessagePort } from 'node:worker_threads';
import type { ClientPort, FromCore, ToCore } from '#shared/rpc/protocol.ts';
import { messagePort } from '../transport/message-port.ts';

export interface Relay {
  /** From the page. */
  receive(message: ToCore): void;
  /** The page is gone or replaced: what it asked for is forgotten. */
  reset(): void;
}

export function createRelay(
  openPort: () => MessagePort | undefined,
  toPage: (message: FromCore) => void,
): Relay {
  let current: ClientPort | undefined;

  const open = (): ClientPort | undefined => {
    const raw = openPort();
    if (raw === undefined) return undefined;
    const port = messagePort<ToCore, FromCore>(raw);
    port.onMessage((message) => {
      if (port === current) toPage(message);
    });
    port.onClose(() => {
      if (port !== current) return;
      current = undefined;
      toPage({ t: 'fatal', message: 'The core of Sluice stopped unexpectedly and is being restarted.' });
    });
    return port;
  };

  return {
    receive(message) {
      current ??= open();
      if (current === undefined) toPage({ t: 'fatal', message: 'The core of Sluice is not running.' });
      else current.post(message);
    },
    reset() {
      const old = current;
      current = undefined;
      old?.close();
    },
  };
}

/** Whether something a page sent has the form of a protocol message; its content is the core's to check. */
export function isToCore(message: unknown): message is ToCore {
  if (typeof message !== 'object' || message === null || !('t' in message)) return false;
  if (message.t === 'subscribe' || message.t === 'unsubscribe') return true;
  return (
    message.t === 'call' &&
    'id' in message &&
    Number.isSafeInteger(message.id) &&
    'op' in message &&
    typeof message.op === 'string'
  );
}
