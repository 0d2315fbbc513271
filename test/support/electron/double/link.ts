// The app process's end of the wire, the record of everything the app did, and the two rules of the
// double: an unmodelled API throws, and what crosses a process is cloned. Used by all of double/.
import type { FromApp, ToApp } from '../wire.ts';

export function send(message: FromApp): void {
  // Absent when a person runs the double by hand; then there is nobody to tell.
  process.send?.(message);
}

export function onMessage(listener: (message: ToApp) => void): void {
  process.on('message', (message) => listener(message as ToApp));
}

export function record(api: string, ...args: unknown[]): void {
  send({ type: 'call', call: { api, args: args.map(describe) } });
}

/** The message Electron throws for what structured clone refuses. */
export function clonedForIpc<T>(value: T): T {
  try {
    return structuredClone(value);
  } catch {
    throw new Error('An object could not be cloned.');
  }
}

/** Reading or setting anything the double does not have throws, so that no test passes on a silent no-op. */
export function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, key, receiver) {
      // `then` is how `await` tells a promise from a value; symbols are the language's own questions.
      if (typeof key === 'symbol' || key === 'then' || key in object)
        return Reflect.get(object, key, receiver);
      throw new Error(`electron double: ${name}.${key} is not modelled`);
    },
    set(object, key, value, receiver) {
      if (typeof key === 'symbol' || key in object) return Reflect.set(object, key, value, receiver);
      throw new Error(`electron double: ${name}.${key} is not modelled`);
    },
  });
}

export interface DoubleEvent {
  defaultPrevented: boolean;
  preventDefault(): void;
}

export function makeEvent<T extends object>(facts: T): T & DoubleEvent {
  const event = {
    ...facts,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}

/** Functions and class instances become a word, so that a record always crosses the wire. */
function describe(value: unknown): unknown {
  if (typeof value === 'function') return '[function]';
  if (Array.isArray(value)) return value.map(describe);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return `[${value.constructor.name}]`;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, describe(item)]));
}
