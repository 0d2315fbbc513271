// The newest finished exchanges on their way to the core: a fixed ring, filled without allocating and sent as
// one message every FLUSH_MS while there is something to send. Under load the oldest of a batch are
// overwritten and only counted. Made by engine.ts; exchange/accounting.ts writes the records.
import type { RequestRecord } from '#shared/history.ts';

const CAPACITY = 256;
const FLUSH_MS = 250;

export class RequestLog {
  readonly #ring: RequestRecord[] = Array.from({ length: CAPACITY }, emptyRecord);
  readonly #send: (records: RequestRecord[], dropped: number) => void;
  #written = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (records: RequestRecord[], dropped: number) => void) {
    this.#send = send;
  }

  /** The record to fill in for one finished exchange. Every field holds an earlier exchange's value. */
  next(): RequestRecord {
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
    const record = this.#ring[this.#written % CAPACITY] as RequestRecord;
    this.#written++;
    return record;
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#written === 0) return;
    const kept = Math.min(this.#written, CAPACITY);
    const records: RequestRecord[] = [];
    for (let i = this.#written - kept; i < this.#written; i++) {
      records.push({ ...(this.#ring[i % CAPACITY] as RequestRecord) });
    }
    const dropped = this.#written - kept;
    this.#written = 0;
    this.#send(records, dropped);
  }
}

function emptyRecord(): RequestRecord {
  return {
    at: 0,
    listener: '',
    route: '',
    pool: '',
    backend: '',
    client: '',
    method: '',
    host: '',
    path: '',
    status: 0,
    tookMs: 0,
    attempts: 0,
    bytesIn: 0,
    bytesOut: 0,
    failure: '',
  };
}
