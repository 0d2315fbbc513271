// Adapts a node MessagePort to the rpc Port, for clients in another thread of this process.
import type { MessagePort } from 'node:worker_threads';
import type { Port } from '#shared/rpc/port.ts';

export function messagePort<Out, In>(port: MessagePort): Port<Out, In> {
  let open = true;
  let onClose: (() => void) | undefined;
  port.on('close', () => {
    open = false;
    onClose?.();
  });
  return {
    post(message) {
      if (open) port.postMessage(message);
    },
    onMessage(listener) {
      port.on('message', listener);
    },
    onClose(listener) {
      onClose = listener;
    },
    close() {
      open = false;
      port.close();
    },
  };
}
