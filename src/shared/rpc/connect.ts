// The typed client over any port: calls by operation name, one subscription. Used by the window, the tray and
// the tests.
import type { Event, OperationInput, OperationName, OperationOutput, Snapshot } from '../contract.ts';
import type { Result } from '../errors.ts';
import type { ClientPort } from './protocol.ts';

export interface Subscriber {
  /** First, and again after a gap. */
  onSnapshot(snapshot: Snapshot): void;
  onEvent(event: Event): void;
}

export interface Client {
  /** Never rejects: a lost connection is the `unavailable` error. */
  call<K extends OperationName>(operation: K, input: OperationInput<K>): Promise<Result<OperationOutput<K>>>;
  /** One subscriber at a time; returns a function that ends it. */
  subscribe(subscriber: Subscriber): () => void;
  /** The core is gone; the reason is for the person. */
  onLost(listener: (reason: string) => void): void;
  close(): void;
}

/** Shared by every client of this process: a late answer must not settle a later client's call. */
let nextId = 1;

export function connect(port: ClientPort): Client {
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  let subscriber: Subscriber | undefined;
  let lastSeq = -1;
  let lost: string | undefined;
  let onLost: ((reason: string) => void) | undefined;

  const gone = (reason: string) => {
    if (lost !== undefined) return;
    lost = reason;
    for (const settle of waiting.values()) settle(unavailable(reason));
    waiting.clear();
    onLost?.(reason);
  };

  port.onMessage((message) => {
    switch (message.t) {
      case 'result': {
        const settle = waiting.get(message.id);
        waiting.delete(message.id);
        settle?.(message.result);
        break;
      }
      case 'snapshot':
        lastSeq = message.seq;
        subscriber?.onSnapshot(message.snapshot);
        break;
      case 'event':
        // Before the first snapshot, or after a gap, events would apply to the wrong base.
        if (lastSeq === -1) break;
        if (message.seq !== lastSeq + 1) {
          lastSeq = -1;
          port.post({ t: 'subscribe' });
          break;
        }
        lastSeq = message.seq;
        subscriber?.onEvent(message.event);
        break;
      case 'fatal':
        gone(message.message);
        break;
    }
  });
  port.onClose(() => gone('the connection to Sluice was lost'));

  return {
    call<K extends OperationName>(op: K, input: OperationInput<K>) {
      if (lost !== undefined) return Promise.resolve(unavailable(lost));
      const id = nextId++;
      return new Promise<Result<OperationOutput<K>>>((settle) => {
        waiting.set(id, settle as (result: Result<unknown>) => void);
        port.post({ t: 'call', id, op, input });
      });
    },
    subscribe(next) {
      subscriber = next;
      lastSeq = -1;
      port.post({ t: 'subscribe' });
      return () => {
        if (subscriber !== next) return;
        subscriber = undefined;
        lastSeq = -1;
        port.post({ t: 'unsubscribe' });
      };
    },
    onLost(listener) {
      onLost = listener;
      if (lost !== undefined) listener(lost);
    },
    close() {
      gone('the connection was closed');
      port.close();
    },
  };
}

function unavailable<T>(message: string): Result<T> {
  return { ok: false, error: { code: 'unavailable', message } };
}
