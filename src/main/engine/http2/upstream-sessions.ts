// The sessions to one backend that speaks HTTP/2. Requests fill the oldest one with room, so that the
// surplus empties, ages and is closed. One per BackendState of such a pool; exchange.ts takes, streams
// give themselves back.
import type { BackendState, EngineState } from '../state.ts';
import type { UpstreamOwner, Upstreams } from '../upstream.ts';
import { type SessionOwner, UpstreamSession } from './upstream-session.ts';
import { Http2Upstream } from './upstream-stream.ts';

export class UpstreamSessions implements Upstreams, SessionOwner {
  readonly #engine: EngineState;
  readonly #backendOf: () => BackendState;
  /** Those that may take requests, oldest first. */
  readonly #sessions: UpstreamSession[] = [];

  constructor(engine: EngineState, backendOf: () => BackendState) {
    this.#engine = engine;
    this.#backendOf = backendOf;
  }

  acquire(owner: UpstreamOwner): Http2Upstream {
    const upstream = new Http2Upstream(this.#engine, this.#backendOf(), owner);
    this.#place(upstream, false);
    return upstream;
  }

  open(owner: UpstreamOwner): Http2Upstream {
    const upstream = new Http2Upstream(this.#engine, this.#backendOf(), owner);
    this.#place(upstream, true);
    return upstream;
  }

  moveOn(upstream: Http2Upstream): void {
    if (this.#place(upstream, false)) upstream.ready();
  }

  /** True: ready at once. */
  #place(upstream: Http2Upstream, unused: boolean): boolean {
    let session = this.#sessions.find(({ hasRoom, used }) => hasRoom && !(unused && used));
    if (session === undefined) {
      session = new UpstreamSession(this.#engine, this, this.#backendOf());
      this.#sessions.push(session);
    }
    return upstream.join(session);
  }

  sessionIdle(session: UpstreamSession): void {
    const backend = this.#backendOf();
    const { maxIdle, idleMs } = backend.pool.plan.keepAlive;
    const keep =
      this.#sessions.includes(session) &&
      !backend.removed &&
      !this.#engine.stopping &&
      backend.admin === 'enabled' &&
      this.#sessions.filter(({ idle, isGoing }) => idle && !isGoing).length <= maxIdle;
    if (keep) session.rest(idleMs);
    else session.retire();
  }

  sessionClosed(session: UpstreamSession): void {
    const at = this.#sessions.indexOf(session);
    if (at !== -1) this.#sessions.splice(at, 1);
  }

  closeIdle(): void {
    this.#retire(this.#sessions.filter(({ idle }) => idle));
  }

  trim(): void {
    const idle = this.#sessions.filter((session) => session.idle && !session.isGoing);
    const surplus = idle.length - this.#backendOf().pool.plan.keepAlive.maxIdle;
    if (surplus > 0) this.#retire(idle.slice(0, surplus));
  }

  readdress(): void {
    // Those that are still being opened serve who waits for them, and are closed then.
    this.#retire(this.#sessions.splice(0));
  }

  /** With many backends there are many. */
  #retire(sessions: readonly UpstreamSession[]): void {
    for (const session of sessions) this.#engine.deferred.add(() => session.retire());
  }
}
