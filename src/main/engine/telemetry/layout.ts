// Layout of the shared counters. A page is one SharedArrayBuffer with ROWS_PER_PAGE rows; a row belongs to
// one listener, pool or backend and has one writer, the engine thread the page was made for; the core only
// reads. Aligned 64-bit stores are whole on every platform Electron runs on. Pure.

export const ROWS_PER_PAGE = 64;

/** Index of each counter within a row. Totals only grow; gauges (marked) go up and down. */
export const COUNTER = {
  requests: 0,
  status1xx: 1,
  status2xx: 2,
  status3xx: 3,
  status4xx: 4,
  status5xx: 5,
  /** Exchanges that failed for the backend's sake. Listener: refused as malformed. Pool: unserved. */
  errors: 6,
  /** Attempts that were repeated on another backend: they failed, or had a status that the pool retries. */
  retries: 7,
  /** Bytes from the client. */
  bytesIn: 8,
  /** Bytes to the client. */
  bytesOut: 9,
  /** Clients that left before their answer was complete. */
  clientAborts: 10,
  /** Gauge: requests and tunnels under way. */
  inFlight: 11,
  /** Gauge: upgraded connections under way, part of inFlight. */
  tunnels: 12,
  /** Gauge: open connections: to the backend, or from clients for a listener. */
  connections: 13,
  /** Connections ever opened. */
  connectionsOpened: 14,
  /** Sum of response times, µs. */
  latencySumUs: 15,
  /** Connections closed as they came, because a listener had enough. */
  connectionsRefused: 16,
  /** Gauge: requests of a listener, or of a pool, that wait for a backend with room. */
  queued: 17,
  /** Gauge: accepted sockets of a listener, those that are still being encrypted included. */
  accepted: 18,
  /** Gauge: requests of a pool under way, waiting ones and retries included. */
  underWay: 19,
  /** Gauge: requests of a pool that were sent again and are not answered yet. */
  retrying: 20,
  /** Requests and tunnels of a backend that were ended because it is being taken out of service. */
  closed: 21,
  /** How many response times latencySumUs is the sum of: answers that went well. */
  latencyCount: 22,
  /** Requests sent once more to the same backend: the kept connection they went out on ended without an answer. */
  resends: 23,
} as const;

export const COUNTERS_PER_ROW = 24;

/** Log-linear histogram of response times in µs: 32 steps per power of two, at most 3.2 % wide, up to 71 min. */
export const SUB_BUCKET_BITS = 5;
export const BUCKETS_PER_ROW = 896;

const COUNTERS_BYTES = ROWS_PER_PAGE * COUNTERS_PER_ROW * Float64Array.BYTES_PER_ELEMENT;
const BUCKETS_BYTES = ROWS_PER_PAGE * BUCKETS_PER_ROW * Uint32Array.BYTES_PER_ELEMENT;
export const PAGE_BYTES = COUNTERS_BYTES + BUCKETS_BYTES;

export function createPage(): SharedArrayBuffer {
  return new SharedArrayBuffer(PAGE_BYTES);
}

/** One row's two views; both index straight into shared memory. */
export interface Row {
  counters: Float64Array;
  /** Response time histogram. */
  latency: Uint32Array;
}

/** The row of `slot`. Throws when its page was not handed over: a bug in the caller. */
export function rowAt(pages: readonly SharedArrayBuffer[], slot: number): Row {
  const page = pages[Math.floor(slot / ROWS_PER_PAGE)];
  if (!page) throw new Error(`no counter page for slot ${slot}`);
  const row = slot % ROWS_PER_PAGE;
  return {
    counters: new Float64Array(
      page,
      row * COUNTERS_PER_ROW * Float64Array.BYTES_PER_ELEMENT,
      COUNTERS_PER_ROW,
    ),
    latency: new Uint32Array(
      page,
      COUNTERS_BYTES + row * BUCKETS_PER_ROW * Uint32Array.BYTES_PER_ELEMENT,
      BUCKETS_PER_ROW,
    ),
  };
}
