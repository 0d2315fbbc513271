// The socket of an accepted connection, reading into memory that the whole thread shares: what Node
// makes by itself takes a new buffer for every read, 6 % of what a small request costs. Node offers
// `onread` only for sockets one opens oneself, so the accepted handle moves into one made with it; where
// there is no such handle the accepted socket stays as it is. See docs/adr/0006. Called by listener.ts,
// whose server accepts with `pauseOnConnect`.
import net from 'node:net';
import { ReadMemory } from './read-buffers.ts';

/** Node's own part of a socket, which its types leave out. */
interface WithHandle {
  _handle?: object | null;
}

export class ClientSocket extends net.Socket {
  /** Gets what was read; the bytes change with the next read of any socket. Set in the turn it was made in. */
  onBytes: (borrowed: Buffer) => void = ignore;
  /** A long body is being read, into memory of this connection alone. */
  longBody = false;
  readonly memory: ReadMemory;

  constructor(handle: object) {
    const memory = new ReadMemory();
    // Asked for the first time before there is a `this`.
    let made: ClientSocket | null = null;
    const onread: net.OnReadOpts = {
      buffer: () => memory.next(made?.longBody === true),
      callback: (size, buffer) => {
        this.onBytes((buffer as Buffer).subarray(0, size));
        return true;
      },
    };
    const options: net.SocketConstructorOpts & { handle: object } = { handle, allowHalfOpen: true, onread };
    super(options);
    this.memory = memory;
    made = this;
  }
}

/** What reads the connection from now on; `accepted` is of no more use if it is another socket. */
export function openClientSocket(accepted: net.Socket): net.Socket {
  const source = accepted as WithHandle;
  const handle = source._handle;
  if (handle === undefined || handle === null) return accepted.resume();
  source._handle = null;
  return new ClientSocket(handle);
}

function ignore(): void {}
