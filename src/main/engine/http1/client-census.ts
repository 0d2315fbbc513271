// The open connections of one listener's clients, counted in all and by address, so that one too many
// is turned away before anything is spent on it. Invariant: what was admitted is counted until its
// socket closes, whatever the plan says meanwhile; the map holds no more than the open connections.
// Owned by listener.ts. Addresses are counted by each engine thread for itself; the sum takes in what
// other threads have open.
import type { Socket } from 'node:net';
import type { ListenerLimits } from '#shared/config/listener.ts';
import { peerAddress } from './forwarded.ts';

export class ClientCensus {
  readonly #byAddress = new Map<string, number>();
  readonly #onChange: (by: 1 | -1) => void;
  #open = 0;

  /** `onChange` hears of every connection that comes and goes. */
  constructor(onChange: (by: 1 | -1) => void) {
    this.#onChange = onChange;
  }

  /** Counts `socket` until it closes; false when it is one too many, with the `elsewhere` open ones. */
  admit(
    socket: Socket,
    limits: Pick<ListenerLimits, 'connections' | 'connectionsPerClient'>,
    elsewhere: number,
  ): boolean {
    if (this.#open + elsewhere >= limits.connections) return false;
    const address = peerAddress(socket.remoteAddress ?? '');
    const others = this.#byAddress.get(address) ?? 0;
    if (limits.connectionsPerClient !== 0 && others >= limits.connectionsPerClient) return false;
    this.#open++;
    this.#onChange(1);
    this.#byAddress.set(address, others + 1);
    socket.once('close', () => this.#leave(address));
    return true;
  }

  #leave(address: string): void {
    this.#open--;
    this.#onChange(-1);
    const others = this.#byAddress.get(address)! - 1;
    if (others === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, others);
  }
}
