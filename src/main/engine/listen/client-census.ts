// The open connections of one listener's clients, counted in all and by address, so that one too many
// is turned away before anything is spent on it. Invariants: what was admitted is counted until its
// socket closes, whatever the plan says meanwhile; a connection is counted before it is looked whether
// it fits, so over all engine threads a limit is never passed, and of two that come at once for the last
// place both may be turned away; the map holds no more than the open connections. Owned by listener.ts.
import type { Socket } from 'node:net';
import type { ListenerLimits } from '#shared/config/listener.ts';
import { type ClientKey, clientKey } from '../client-table.ts';
import { peerAddress } from '../exchange/forwarded.ts';
import { acceptedElsewhere } from '../shared-load.ts';
import type { EngineState, ListenerState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';

type Limits = Pick<ListenerLimits, 'connections' | 'connectionsPerClient'>;

export class ClientCensus {
  readonly #engine: EngineState;
  readonly #stateOf: () => ListenerState;
  readonly #byAddress = new Map<string, number>();
  #open = 0;

  constructor(engine: EngineState, stateOf: () => ListenerState) {
    this.#engine = engine;
    this.#stateOf = stateOf;
  }

  /** Counts `socket` until it closes; false when it is one too many. */
  admit(socket: Socket): boolean {
    const address = peerAddress(socket.remoteAddress ?? '');
    this.#count(address, 1);
    if (!this.#fits(address, this.#stateOf().plan.limits)) {
      this.#count(address, -1);
      return false;
    }
    socket.once('close', () => this.#count(address, -1));
    return true;
  }

  /** Other threads look at this one's clients from now on. */
  announce(): void {
    const { sharedClients } = this.#engine;
    for (const [address, count] of this.#byAddress) sharedClients?.own.add(this.#keyOf(address), count);
  }

  #fits(address: string, { connections, connectionsPerClient }: Limits): boolean {
    const { fence, sharedClients } = this.#engine;
    // Orders the count before the look: of two threads here, the second sees what the first has counted.
    if (fence !== undefined) Atomics.add(fence, 0, 1);
    if (this.#open + acceptedElsewhere(this.#engine, this.#stateOf()) > connections) return false;
    if (connectionsPerClient === 0) return true;
    const elsewhere = sharedClients?.elsewhere(this.#keyOf(address)) ?? 0;
    return this.#byAddress.get(address)! + elsewhere <= connectionsPerClient;
  }

  #count(address: string, by: 1 | -1): void {
    this.#open += by;
    this.#stateOf().row.counters[COUNTER.accepted]! += by;
    const count = (this.#byAddress.get(address) ?? 0) + by;
    if (count === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, count);
    this.#engine.sharedClients?.own.add(this.#keyOf(address), by);
  }

  #keyOf(address: string): ClientKey {
    return clientKey(this.#stateOf().slot, address);
  }
}
