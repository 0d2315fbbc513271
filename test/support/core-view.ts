// What a client of the core sees: calls by name, the newest status, every event since it looked, and
// waiting for a condition. Works over any carrier. Nothing here sleeps: a condition is looked at again
// after each event, and the core sends one at least every second.
import type {
  Event,
  EventName,
  OperationInput,
  OperationName,
  OperationOutput,
  Snapshot,
} from '#shared/contract.ts';
import type { WireError } from '#shared/errors.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import type { ClientPort } from '#shared/rpc/protocol.ts';
import type { BackendStatus, ListenerStatus, PoolStatus, Status, SystemStatus } from '#shared/status.ts';

type EventValue<K extends EventName> = Extract<Event, { type: K }>['value'];

const DEADLINE_MS = 12_000;

export class CoreView {
  readonly client: Client;
  readonly events: Event[] = [];
  status!: Status;
  system!: SystemStatus;
  lost: string | undefined;
  readonly #waiting = new Set<() => void>();

  private constructor(port: ClientPort) {
    this.client = connect(port);
  }

  /** Settles once the first snapshot is here. */
  static async open(port: ClientPort): Promise<CoreView> {
    const view = new CoreView(port);
    view.client.onLost((reason) => {
      view.lost = reason;
      view.#look();
    });
    await new Promise<void>((resolve) => {
      view.client.subscribe({
        onSnapshot(snapshot: Snapshot) {
          view.status = snapshot.status;
          view.system = snapshot.system;
          resolve();
          view.#look();
        },
        onEvent(event) {
          view.events.push(event);
          if (event.type === 'status') view.status = event.value;
          if (event.type === 'system') view.system = event.value;
          view.#look();
        },
      });
    });
    return view;
  }

  /** The value of an operation that must succeed. */
  async call<K extends OperationName>(operation: K, input: OperationInput<K>): Promise<OperationOutput<K>> {
    const result = await this.client.call(operation, input);
    if (!result.ok) throw new Error(`${operation}: ${result.error.code}: ${result.error.message}`);
    return result.value;
  }

  /** The error of an operation that must be refused. */
  async refusal<K extends OperationName>(operation: K, input: OperationInput<K>): Promise<WireError> {
    const result = await this.client.call(operation, input);
    if (result.ok) throw new Error(`${operation} was not refused: ${JSON.stringify(result.value)}`);
    return result.error;
  }

  /** Waits until `read` gives something; looked at again after every event. */
  until<T>(what: string, read: () => T | undefined | false, deadlineMs = DEADLINE_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        end();
      };
      const look = () => {
        const found = read();
        if (found !== undefined && found !== false) settle(() => resolve(found));
        else if (this.lost !== undefined) settle(() => reject(new Error(`${what}: ${this.lost}`)));
      };
      const timer = setTimeout(
        () => settle(() => reject(new Error(`waited in vain until ${what}; ${this.#summary()}`))),
        deadlineMs,
      );
      this.#waiting.add(look);
      look();
    });
  }

  /** The same for a condition that has to be asked for. */
  async untilAnswer<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
    const endAt = performance.now() + DEADLINE_MS;
    for (;;) {
      const events = this.events.length;
      const found = await ask();
      if (found !== undefined && found !== false) return found;
      await this.until(what, () => this.events.length !== events, Math.max(0, endAt - performance.now()));
    }
  }

  untilBackend(
    pool: string,
    backend: string,
    what: string,
    holds: (status: BackendStatus) => boolean,
  ): Promise<BackendStatus> {
    return this.until(`${pool}/${backend} ${what}`, () => {
      const found = this.backend(pool, backend);
      return found !== undefined && holds(found) && found;
    });
  }

  untilState(pool: string, backend: string, state: BackendStatus['state']): Promise<BackendStatus> {
    return this.untilBackend(pool, backend, `is ${state}`, (status) => status.state === state);
  }

  untilListening(listener: string): Promise<ListenerStatus> {
    return this.until(`listener ${listener} accepts`, () => {
      const found = this.listener(listener);
      return found?.state === 'listening' && found;
    });
  }

  listener(name: string): ListenerStatus | undefined {
    return this.status.listeners.find((listener) => listener.name === name);
  }

  pool(name: string): PoolStatus | undefined {
    return this.status.pools.find((pool) => pool.name === name);
  }

  backend(pool: string, name: string): BackendStatus | undefined {
    return this.pool(pool)?.backends.find((backend) => backend.name === name);
  }

  eventsOf<K extends EventName>(type: K): EventValue<K>[] {
    return this.events.filter((event) => event.type === type).map((event) => event.value as EventValue<K>);
  }

  close(): void {
    this.client.close();
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }

  #summary(): string {
    const backends = this.status.pools.flatMap((pool) =>
      pool.backends.map(
        (b) => `${pool.name}/${b.name} ${b.state} ${b.inFlight} in flight${b.cause && ` (${b.cause})`}`,
      ),
    );
    const listeners = this.status.listeners.map((l) => `${l.name} ${l.state} ${l.error ?? ''}`.trim());
    const { configNotice, storeNotice } = this.system;
    return JSON.stringify({ listeners, backends, configNotice, storeNotice });
  }
}
