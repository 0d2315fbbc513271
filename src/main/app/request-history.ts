// The most recent finished requests, in memory, newest first when listed. Fed by the engine's
// batches; bounded, so its cost is fixed whatever the traffic.
import type { RequestRecord } from '#shared/history.ts';

export interface RequestHistory {
  add(records: readonly RequestRecord[], dropped: number): void;
  list(filter: { pool?: string; backend?: string; limit: number }): {
    requests: RequestRecord[];
    dropped: number;
  };
}

const CAPACITY = 5000;

export function createRequestHistory(): RequestHistory {
  const ring: RequestRecord[] = [];
  let next = 0;
  let droppedTotal = 0;

  return {
    add(records, dropped) {
      droppedTotal += dropped;
      for (const record of records) {
        ring[next] = record;
        next = (next + 1) % CAPACITY;
      }
    },
    list({ pool, backend, limit }) {
      const requests: RequestRecord[] = [];
      for (let i = 1; i <= ring.length && requests.length < limit; i++) {
        const record = ring[(next - i + CAPACITY) % CAPACITY];
        if (!record) continue;
        if (pool !== undefined && record.pool !== pool) continue;
        if (backend !== undefined && record.backend !== backend) continue;
        requests.push(record);
      }
      return { requests, dropped: droppedTotal };
    },
  };
}
