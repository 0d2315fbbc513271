// A client under the test's full control, byte by byte.
import net from 'node:net';
import { RawStream } from './raw-stream.ts';

export class RawClient extends RawStream implements AsyncDisposable {
  /** `localAddress`: who it is to the other side. */
  static async connect(port: number, host = '127.0.0.1', localAddress?: string): Promise<RawClient> {
    const socket = net.connect({ port, host, localAddress, allowHalfOpen: true, noDelay: true });
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.untilClosed();
  }
}
