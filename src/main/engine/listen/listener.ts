// The listening socket of one listener: binds, tries again every RETRY_MS while it cannot, and moves
// to another address by binding the new one before it lets go of the old. Client connections are not
// its concern: they outlive it. Owned by a ListenerState, called by apply.ts.
import net from 'node:net';
import { formatAddress } from '#shared/config/primitives.ts';
import { permissionToBind, probeAddress, WAITS_FOR_LEAD } from '../crew.ts';
import { ClientConnection } from '../http1/client-connection.ts';
import { openClientSocket } from '../http1/client-socket.ts';
import type { ListenerReport } from '../messages.ts';
import type { ListenerPlan } from '../plan.ts';
import type { EngineState, ListenerState } from '../state.ts';
import { COUNTER } from '../telemetry/layout.ts';
import { ClientCensus } from './client-census.ts';

const RETRY_MS = 2000;
const BACKLOG = 4096;

export class ListenerServer {
  readonly #engine: EngineState;
  readonly #stateOf: () => ListenerState;
  readonly #clients: ClientCensus;
  #server: net.Server | null = null;
  /** The address `#server` was asked to bind, and what there was to say of it. */
  #bound: { host: string; port: number; report: ListenerReport } | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** The address to bind once the lead has. */
  #waiting: { host: string; port: number } | null = null;
  /** Counts calls of `bind` and `close`: what an earlier one still awaits is void. */
  #turn = 0;
  /** Without the address of before that is still served. */
  #report: ListenerReport;

  constructor(engine: EngineState, name: string, stateOf: () => ListenerState) {
    this.#engine = engine;
    this.#stateOf = stateOf;
    this.#clients = new ClientCensus(engine, stateOf);
    this.#report = { name, state: 'failed', host: '', port: 0, error: 'not bound yet' };
  }

  /** As things stand now. */
  get report(): ListenerReport {
    const report = this.#report;
    if (this.#server === null || report.state !== 'failed' || report.error === WAITS_FOR_LEAD) return report;
    const servedAddress = boundAddress(this.#server);
    return { ...report, error: `${report.error}; ${servedAddress} is still served`, servedAddress };
  }

  /**
   * Resolves once bound or failed; a failed bind is tried again until it succeeds or `close`. A plan
   * with a fault is not bound at all: the next one without it is.
   */
  async bind({ host, port, fault }: Pick<ListenerPlan, 'host' | 'port' | 'fault'>): Promise<void> {
    if (fault === '') return this.#bind(host, port);
    this.close();
    this.#report = { name: this.#report.name, state: 'failed', host, port, error: fault };
  }

  /** The crew has changed: an address another thread holds by now can be joined. */
  async join(): Promise<void> {
    if (this.#waiting !== null) await this.#bind(this.#waiting.host, this.#waiting.port);
  }

  /** Other threads look at this one's clients from now on. */
  announceClients(): void {
    this.#clients.announce();
  }

  async #bind(host: string, port: number): Promise<void> {
    const turn = ++this.#turn;
    clearTimeout(this.#retry);
    if (this.#server !== null && this.#bound?.host === host && this.#bound.port === port) {
      // Back at the address it never left: a new socket would reset who is connecting just now.
      this.#waiting = null;
      this.#report = this.#bound.report;
      return;
    }
    const { name } = this.#report;
    const permission = permissionToBind(this.#engine.crew, { name, host, port });
    this.#waiting = permission.kind === 'wait' ? { host, port } : null;
    if (permission.kind === 'wait') {
      this.#report = { name, state: 'failed', host, port, error: WAITS_FOR_LEAD };
      return;
    }
    try {
      if (permission.probe) await probeAddress(host, port);
      const server = await this.#listen(host, permission);
      if (turn !== this.#turn) {
        server.close();
        return;
      }
      this.#server?.close();
      this.#server = server;
      const bound = server.address() as net.AddressInfo;
      this.#report = { name, state: 'listening', host: bound.address, port: bound.port, error: '' };
      this.#bound = { host, port, report: this.#report };
      server.on('close', () => this.#onLost(server, host, port));
    } catch (error) {
      if (turn !== this.#turn) return;
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && this.#server !== null && boundPort(this.#server) === port) {
        // Another address of the same port: its own socket stands in its way, and only now goes.
        this.#server.close();
        this.#server = null;
        await this.#bind(host, port);
        return;
      }
      const reason = bindFailureText(name, host, port, code);
      this.#report = { name, state: 'failed', host, port, error: reason };
      this.#retry = setTimeout(() => void this.#tryAgain(host, port), RETRY_MS);
    }
  }

  /** The port of before, still served while the address asked for is not bound. */
  get keptPort(): number | undefined {
    return this.#report.state === 'failed' && this.#server !== null ? boundPort(this.#server) : undefined;
  }

  /** Leaves the address of before to another listener; the one asked for is tried on. */
  yieldKept(): void {
    if (this.keptPort === undefined) return;
    this.#server?.close();
    this.#server = null;
  }

  /** Stops accepting at once; the address is free when this returns. */
  close(): void {
    this.#turn++;
    this.#waiting = null;
    clearTimeout(this.#retry);
    const server = this.#server;
    this.#server = null;
    server?.close();
  }

  async #tryAgain(host: string, port: number): Promise<void> {
    await this.#bind(host, port);
    if (this.#report.state === 'listening') this.#engine.post({ type: 'listener', listener: this.#report });
  }

  #onLost(server: net.Server, host: string, port: number): void {
    if (this.#server !== server) return;
    this.#server = null;
    const { name } = this.#report;
    const error = `${formatAddress(host, port)} stopped listening unexpectedly; listener "${name}" is binding it again`;
    this.#report = { name, state: 'failed', host, port, error };
    this.#engine.post({ type: 'listener', listener: this.#report });
    void this.#tryAgain(host, port);
  }

  #listen(host: string, { port, reusePort }: { port: number; reusePort: boolean }): Promise<net.Server> {
    return new Promise((resolve, reject) => {
      const server = net.createServer(
        { allowHalfOpen: true, noDelay: true, pauseOnConnect: true },
        (socket) => this.#accept(socket),
      );
      server.once('error', reject);
      server.listen({ host, port, reusePort, backlog: BACKLOG }, () => {
        server.off('error', reject);
        // Accepting one connection can fail, for want of descriptors say; the next one may work.
        server.on('error', (error) => this.#engine.fault(error));
        resolve(server);
      });
    });
  }

  #accept(accepted: net.Socket): void {
    const listener = this.#stateOf();
    const socket = listener.tls === null ? openClientSocket(accepted) : accepted;
    if (!this.#clients.admit(socket)) {
      listener.row.counters[COUNTER.connectionsRefused]! += 1;
      socket.destroy();
      return;
    }
    try {
      if (listener.tls === null) new ClientConnection(this.#engine, listener, socket, null);
      else {
        listener.tls.accept(socket);
        socket.resume();
      }
    } catch (error) {
      this.#engine.fault(error);
      socket.destroy();
    }
  }
}

function boundPort(server: net.Server): number {
  return (server.address() as net.AddressInfo).port;
}

function boundAddress(server: net.Server): string {
  const { address, port } = server.address() as net.AddressInfo;
  return formatAddress(address, port);
}

/** One sentence that names the address and the way out. */
function bindFailureText(name: string, host: string, port: number, code: string | undefined): string {
  const address = formatAddress(host, port);
  switch (code) {
    case 'EADDRINUSE':
      return `${address} is in use by another program; stop it or give listener "${name}" another port`;
    case 'EACCES':
      return `no permission to bind ${address}; give listener "${name}" a port from 1024 on or run Sluice with more rights`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine; use 127.0.0.1 or 0.0.0.0 for listener "${name}"`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
      return `the host name ${host} does not resolve; use an IP address for listener "${name}"`;
    default:
      return `${address} cannot be bound (${code ?? 'unknown reason'}); change the address of listener "${name}"`;
  }
}
