// Answers one port: parses the input of each call, runs its handler, maps what it throws. Knows no
// carrier and no handler's meaning. Called by core.ts for every client that connects.
import { issuesOf } from '../config/issues.ts';
import {
  type Author,
  type Event,
  isOperation,
  OPERATIONS,
  type OperationName,
  type OperationOutput,
  type OperationParsedInput,
  type Snapshot,
} from '../contract.ts';
import { AppError, type Result, summarize } from '../errors.ts';
import type { CorePort } from './protocol.ts';

/** Who calls; recorded with every change. */
export interface Caller {
  author: Author;
}

/** One function per operation; a missing one does not compile. */
export type Handlers = {
  [K in OperationName]: (
    input: OperationParsedInput<K>,
    caller: Caller,
  ) => OperationOutput<K> | Promise<OperationOutput<K>>;
};

export interface EventSource {
  snapshot(): { seq: number; snapshot: Snapshot };
  /** Events after the snapshot taken in the same turn. */
  subscribe(listener: (seq: number, event: Event) => void): () => void;
}

export interface Service {
  handlers: Handlers;
  events: EventSource;
  /** A throw that is not an AppError is a bug: it is logged here once and answered as `internal`. */
  onBug(operation: string, error: unknown): void;
}

/** Runs one operation by name with unknown input; the shared path of every carrier. Never throws. */
export async function dispatch(
  service: Service,
  operation: string,
  input: unknown,
  caller: Caller,
): Promise<Result<unknown>> {
  if (!isOperation(operation)) {
    return {
      ok: false,
      error: { code: 'not-found', message: `there is no operation called "${operation}"` },
    };
  }
  const parsed = OPERATIONS[operation].input.safeParse(input ?? {});
  if (!parsed.success) {
    const issues = issuesOf(parsed.error, input ?? {});
    return { ok: false, error: { code: 'invalid', message: summarize(issues), issues } };
  }
  try {
    // The table pairs each schema with its handler; TypeScript cannot follow that through a union key.
    const handler = service.handlers[operation] as (input: unknown, caller: Caller) => unknown;
    return { ok: true, value: await handler(parsed.data, caller) };
  } catch (error) {
    if (error instanceof AppError) return { ok: false, error: error.toWire() };
    service.onBug(operation, error);
    return {
      ok: false,
      error: {
        code: 'internal',
        message: `${operation} failed unexpectedly; the log of Sluice has the details`,
      },
    };
  }
}

/** Serves one client until its port closes, then calls `onGone`. Returns a function that ends it. */
export function serve(port: CorePort, service: Service, caller: Caller, onGone?: () => void): () => void {
  let unsubscribe: (() => void) | undefined;

  const stopEvents = () => {
    unsubscribe?.();
    unsubscribe = undefined;
  };

  port.onMessage((message) => {
    if (message.t === 'call') {
      void dispatch(service, message.op, message.input, caller).then((result) =>
        port.post({ t: 'result', id: message.id, result }),
      );
    } else if (message.t === 'subscribe') {
      stopEvents();
      const { seq, snapshot } = service.events.snapshot();
      port.post({ t: 'snapshot', seq, snapshot });
      unsubscribe = service.events.subscribe((eventSeq, event) =>
        port.post({ t: 'event', seq: eventSeq, event }),
      );
    } else if (message.t === 'unsubscribe') {
      stopEvents();
    }
  });
  port.onClose(() => {
    stopEvents();
    onGone?.();
  });
  return () => {
    stopEvents();
    port.close();
  };
}
