// The attack of slow-clients.ts: clients that send their header a byte at a time and, once refused, begin
// anew, so that there are always as many.
import { connect, type Socket } from 'node:net';
import { pause } from './started.ts';

/** Longer than Sluice waits for a header: every one of them is refused again and again. */
const HEADER = `GET / HTTP/1.1\r\nHost: bench.test\r\nX-Slow: ${'x'.repeat(100)}`;
const BYTE_EVERY_MS = 250;
/** What a listener gives a header by default. */
const HEADER_MS = 10_000;
const AT_ONCE = 2;

export class SlowClients {
  refused = 0;
  readonly #port: number;
  readonly #count: number;
  readonly #open = new Map<Socket, number>();
  #timer: NodeJS.Timeout | undefined;
  #wanted = 0;

  constructor(port: number, count: number) {
    this.#port = port;
    this.#count = count;
  }

  async start(): Promise<void> {
    this.#wanted = this.#count;
    // Spread over the time of a byte, so that they do not all send at once.
    const each = BYTE_EVERY_MS / this.#count;
    let turn = 0;
    this.#timer = setInterval(() => {
      const sockets = [...this.#open.keys()];
      const until = Math.min(sockets.length, turn + Math.ceil(1 / each));
      for (; turn < until; turn++) this.#sendByte(sockets[turn]!);
      if (turn >= sockets.length) turn = 0;
    }, 1);
    // Evenly over the time of a header, so that from then on they are refused and come again as evenly.
    for (let i = 0; i < this.#count; i += AT_ONCE) {
      for (let k = 0; k < AT_ONCE; k++) this.#begin();
      await pause((HEADER_MS * AT_ONCE) / this.#count);
    }
  }

  async stop(): Promise<void> {
    this.#wanted = 0;
    clearInterval(this.#timer);
    for (const socket of this.#open.keys()) socket.destroy();
    while (this.#open.size > 0) await pause(10);
  }

  #begin(): void {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#open.set(socket, 0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (chunk.toString('latin1', 0, 12) === 'HTTP/1.1 408') this.refused++;
    });
    socket.on('close', () => {
      this.#open.delete(socket);
      if (this.#open.size < this.#wanted) this.#begin();
    });
  }

  #sendByte(socket: Socket): void {
    const sent = this.#open.get(socket) ?? 0;
    if (!socket.writable || sent >= HEADER.length) return;
    socket.write(HEADER[sent] ?? '', 'latin1');
    this.#open.set(socket, sent + 1);
  }
}
