// A client under the test's full control over TLS; what it says is encrypted, else it is a RawClient.
import net from 'node:net';
import tls from 'node:tls';
import { RawClient } from './raw-client.ts';

/** With a documented option that the type declarations leave out. */
interface DialOptions extends tls.ConnectionOptions {
  allowHalfOpen: boolean;
}

export class TlsClient extends RawClient {
  #transport: net.Socket | undefined;

  /** Resolves once encrypted; rejects with the error of the handshake. */
  static async handshake(port: number, options: tls.ConnectionOptions = {}): Promise<TlsClient> {
    const transport = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const all: DialOptions = { socket: transport, allowHalfOpen: true, ...options };
    const socket = tls.connect(all);
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    const client = new TlsClient(socket);
    client.#transport = transport;
    return client;
  }

  /** The TLS socket itself cannot be reset. */
  override reset(): void {
    this.#transport?.resetAndDestroy();
    this.socket.destroy();
  }

  get tls(): tls.TLSSocket {
    return this.socket as tls.TLSSocket;
  }

  /** Subject of the certificate that was shown. */
  get shown(): string {
    return String(this.tls.getPeerX509Certificate()?.subject).replace('CN=', '');
  }

  /** A session to resume: with TLS 1.2 it is there after the handshake, with TLS 1.3 it comes later. */
  session(): Promise<Buffer> {
    const { tls } = this;
    return new Promise((resolve) => {
      if (tls.getProtocol() === 'TLSv1.3') tls.once('session', resolve);
      else resolve(tls.getSession() ?? Buffer.alloc(0));
    });
  }
}

/** The code of the error that ends a handshake; '' when it succeeds. */
export async function handshakeError(port: number, options: tls.ConnectionOptions = {}): Promise<string> {
  try {
    await using client = await TlsClient.handshake(port, options);
    return client.tls.destroyed ? 'closed' : '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
