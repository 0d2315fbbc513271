// The connections to one backend that wait for their next request: last in, first out, so that the
// surplus ages and is closed. Invariant: a kept connection leads to the current address, has no
// request under way and no byte unread. One per BackendState that speaks HTTP/1.1; exchange.ts takes,
// connections give themselves back.
import type { BackendState, EngineState } from '../state.ts';
import type { UpstreamOwner, Upstreams } from '../upstream.ts';
import { UpstreamConnection } from './upstream-connection.ts';

export class UpstreamPool implements Upstreams {
  readonly #engine: EngineState;
  readonly #backendOf: () => BackendState;
  readonly #idle: UpstreamConnection[] = [];
  /** Connections opened under an earlier address are not kept. */
  #generation = 0;

  constructor(engine: EngineState, backendOf: () => BackendState) {
    this.#engine = engine;
    this.#backendOf = backendOf;
  }

  /** A kept connection if there is one, ready for use; else a new one that is being opened. */
  acquire(owner: UpstreamOwner): UpstreamConnection {
    const kept = this.#idle.pop();
    if (kept === undefined) return this.open(owner);
    kept.adopt(owner);
    return kept;
  }

  open(owner: UpstreamOwner): UpstreamConnection {
    return new UpstreamConnection(this.#engine, this, this.#backendOf(), owner, this.#generation);
  }

  /** Takes back a connection whose exchange is complete; keeps or closes it. */
  release(connection: UpstreamConnection): void {
    const backend = this.#backendOf();
    const { maxIdle, idleMs } = backend.pool.plan.keepAlive;
    const keep =
      connection.isReusable() &&
      !backend.removed &&
      !this.#engine.stopping &&
      backend.admin === 'enabled' &&
      connection.generation === this.#generation &&
      backend.upstreams === this &&
      this.#idle.length < maxIdle;
    if (!keep) {
      connection.destroy();
      return;
    }
    connection.rest(idleMs);
    this.#idle.push(connection);
  }

  /** An idle connection was closed by its backend, or timed out. */
  forget(connection: UpstreamConnection): void {
    const at = this.#idle.lastIndexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
  }

  closeIdle(): void {
    this.#close(this.#idle.splice(0));
  }

  /** The limit of kept connections may have been lowered: the ones idle longest go. */
  trim(): void {
    const surplus = this.#idle.length - this.#backendOf().pool.plan.keepAlive.maxIdle;
    if (surplus > 0) this.#close(this.#idle.splice(0, surplus));
  }

  /** None of them is used again; with many backends there are many. */
  #close(connections: readonly UpstreamConnection[]): void {
    for (const connection of connections) this.#engine.deferred.add(() => connection.destroy());
  }

  /** The backend has another address: nothing of the old one is used for a new request. */
  readdress(): void {
    this.#generation++;
    this.closeIdle();
  }
}
