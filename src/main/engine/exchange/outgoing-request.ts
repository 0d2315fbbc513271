// What is sent to a backend for one request, and again to the next one: the head, and the body as far
// as the client has sent it. Invariant: every backend gets the same bytes from the first one on, or
// the request is not `whole` and goes to nobody else. Owned by exchange.ts.
import { isIdempotent, type RetryRule } from '../failure.ts';
import type { PoolPlan } from '../plan.ts';
import { ReplayBody } from '../resilience/replay-body.ts';
import type { Upstream } from '../upstream.ts';
import { BODY, type RequestHead } from './message.ts';

const KEEP_NOTHING = -1;

export class OutgoingRequest {
  /** The client has sent all of it. */
  complete = false;
  readonly #body = new ReplayBody();
  #headText = '';
  #method = '';

  begin(head: RequestHead, headText: string, { protocol, retries }: PoolPlan): void {
    this.#headText = headText;
    this.#method = head.method;
    this.complete = head.body === BODY.none;
    // Over HTTP/2 a backend can say that it has not begun a request, whatever its method.
    const keeps = !this.complete && (protocol === 'http2' || isIdempotent(head.method));
    this.#body.start(keeps ? retries.bodyBytes : KEEP_NOTHING);
  }

  /** All that was taken from the client can still be sent. */
  get whole(): boolean {
    return this.#body.whole;
  }

  /** It may be sent again though a backend may have acted on it. RFC 9110 §9.2.2. */
  get repeatable(): boolean {
    return this.#body.whole && isIdempotent(this.#method);
  }

  /** Whether it may go to another backend after a failure with this rule of failure.ts. */
  mayRetry(rule: RetryRule): boolean {
    return rule === 'always' ? this.whole : rule === 'idempotent' && this.repeatable;
  }

  /** Head and what there is of the body, from the beginning. */
  sendTo(upstream: Upstream): void {
    upstream.sendHead(this.#headText);
    const { kept } = this.#body;
    if (kept.length === 0) return;
    upstream.sendBody(kept);
    this.#body.sent();
  }

  /** A further piece of the body, framed. Null: no backend can take it now. */
  data(piece: Buffer, upstream: Upstream | null): void {
    if (upstream === null) {
      this.#body.holding(piece);
      return;
    }
    this.#body.sending(piece);
    upstream.sendBody(piece);
  }

  /** Pieces of the body are kept, as they came. */
  get holdsBody(): boolean {
    return this.#body.holds;
  }

  /** It will not be sent again. */
  forget(): void {
    this.#headText = '';
    this.#body.drop();
  }
}
