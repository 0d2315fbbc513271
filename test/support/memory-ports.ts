// Two ends of a port in one process, for tests of both sides of the protocol. Messages are cloned as a
// real carrier would and arrive in a later microtask, so nothing can depend on sharing or on re-entry.
import type { Port } from '#shared/rpc/port.ts';

export function memoryPorts<A, B>(clone: <T>(value: T) => T): [Port<A, B>, Port<B, A>] {
  const left = end<A, B>(clone);
  const right = end<B, A>(clone);
  left.peer = right;
  right.peer = left;
  return [left.port, right.port];
}

interface End<Out, In> {
  port: Port<Out, In>;
  peer: End<In, Out> | undefined;
  receive(message: In): void;
  closed(): void;
}

function end<Out, In>(clone: <T>(value: T) => T): End<Out, In> {
  let onMessage: ((message: In) => void) | undefined;
  let onClose: (() => void) | undefined;
  let open = true;
  const self: End<Out, In> = {
    peer: undefined,
    receive(message) {
      void Promise.resolve().then(() => open && onMessage?.(message));
    },
    closed() {
      if (!open) return;
      open = false;
      void Promise.resolve().then(() => onClose?.());
    },
    port: {
      post(message) {
        if (open) self.peer?.receive(clone(message));
      },
      onMessage(listener) {
        onMessage = listener;
      },
      onClose(listener) {
        onClose = listener;
      },
      close() {
        self.closed();
        self.peer?.closed();
      },
    },
  };
  return self;
}
