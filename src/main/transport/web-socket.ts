// Adapts a WebSocket to the rpc Port: one JSON message per frame. A frame that is not JSON ends the
// connection; a client that does not read is cut off before its backlog fills memory.
import type { WebSocket } from 'ws';
import type { Port } from '#shared/rpc/port.ts';

const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;

export function webSocketPort<Out, In>(socket: WebSocket): Port<Out, In> {
  return {
    post(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_BACKLOG_BYTES) socket.terminate();
      else socket.send(JSON.stringify(message));
    },
    onMessage(listener) {
      socket.on('message', (data) => {
        const message = parse(String(data));
        if (message === undefined) socket.close(1007, 'each message must be a JSON object');
        else listener(message as In);
      });
    },
    onClose(listener) {
      socket.once('close', listener);
    },
    close() {
      socket.close(1000);
    },
  };
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
