// What a probe asks over HTTP and what came back, whatever the version: the answer as far as it came, its
// body up to what is judged, and one end, which the deadline may force. Invariant: the connection is closed
// when the answer has ended. Called by converse-http1.ts and converse-http2.ts.
import type { HttpHealthCheck } from '#shared/config/health-check.ts';
import { MAX_BODY_BYTES } from './assertions.ts';

export interface ProbeRequest {
  method: HttpHealthCheck['method'];
  scheme: 'http' | 'https';
  path: string;
  headers: { host: string; 'user-agent': string; accept: string };
}

/** What came back, as far as it came. */
export interface Answered {
  /** Undefined: the head never arrived. */
  status: number | undefined;
  body: Buffer;
  truncated: boolean;
  /** Undefined: the answer is complete, or as much of it as is read. */
  error: unknown;
}

export interface AnswerCollector {
  answered: Promise<Answered>;
  /** The status of the answer, once its head arrived. */
  status: number | undefined;
  addBody(chunk: Buffer): void;
  /** Undefined: the answer is complete. The first end counts. */
  end(error: unknown): void;
}

/** `close` closes the connection. Where the deadline has passed already, the answer has ended at once. */
export function collectAnswer(deadline: AbortSignal, close: () => void): AnswerCollector {
  const { promise, resolve } = Promise.withResolvers<Answered>();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let hasEnded = false;

  const collector: AnswerCollector = {
    answered: promise,
    status: undefined,
    addBody(chunk) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_BODY_BYTES) collector.end(undefined);
    },
    end(error) {
      if (hasEnded) return;
      hasEnded = true;
      deadline.removeEventListener('abort', giveUp);
      const body = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES);
      resolve({ status: collector.status, body, truncated: sizeBytes > MAX_BODY_BYTES, error });
      close();
    },
  };
  const giveUp = () => collector.end(deadline.reason);
  if (deadline.aborted) giveUp();
  else deadline.addEventListener('abort', giveUp, { once: true });
  return collector;
}
