// Requests without a rest, one through a proxy and one straight to its backend in turn, and the longest
// wait for an answer on either way: the second is the noise of the machine and of the program that
// measures. Used by apply.ts.
import type { Socket } from 'node:net';
import { pause } from './started.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: bench.test\r\n\r\n';

export interface Waits {
  throughMs: number;
  directMs: number;
}

/** One request through Sluice, one straight to the backend, in turn without a rest. */
export class SteadyTraffic {
  longest: Waits = { throughMs: 0, directMs: 0 };
  readonly #through: Socket;
  readonly #direct: Socket;
  readonly #running: Promise<void>;
  #count = 0;
  #ended = false;

  constructor(through: Socket, direct: Socket) {
    this.#through = through;
    this.#direct = direct;
    this.#running = this.#run();
    // Heard by whoever waits for the end.
    this.#running.catch(() => {});
  }

  forget(): void {
    this.longest = { throughMs: 0, directMs: 0 };
  }

  async answers(count: number): Promise<void> {
    const until = this.#count + count;
    while (this.#count < until) await Promise.race([pause(20), this.#running]);
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#running;
    this.#through.destroy();
    this.#direct.destroy();
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      const throughMs = await ask(this.#through);
      this.longest.throughMs = Math.max(this.longest.throughMs, throughMs);
      const directMs = await ask(this.#direct);
      this.longest.directMs = Math.max(this.longest.directMs, directMs);
      this.#count++;
    }
  }
}

function ask(socket: Socket): Promise<number> {
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    const closed = () => reject(new Error('a connection was closed'));
    socket.once('close', closed);
    socket.once('data', (chunk) => {
      socket.off('close', closed);
      if (chunk.toString('latin1', 0, 12) === 'HTTP/1.1 200') resolve(performance.now() - startMs);
      else reject(new Error(chunk.toString('latin1')));
    });
    socket.write(REQUEST, 'latin1');
  });
}
