// The heartbeat of the core: once a second it reads the counters, stores the second and pushes `sample` and
// `status`; in between it pushes `status` when a state changed, at most 4 a second. Invariant: the reader is
// ticked here and nowhere else, so a second is the same in store, sample and status; totals and gauges in a
// Status are those of its moment.
import { setTimeout as setTimer } from 'node:timers';
import type { Sample, TrafficPoint } from '#shared/history.ts';
import type { Status } from '#shared/status.ts';
import type { SlotTable } from '../engine/slots.ts';
import { COUNTER } from '../engine/telemetry/layout.ts';
import { clearRow, type Reader } from '../engine/telemetry/reader.ts';
import type { SecondDelta } from '../engine/telemetry/traffic.ts';
import { type SampleRow, UNSERVED } from '../store/samples.ts';
import type { Configuration } from './configuration.ts';
import type { EventHub } from './events.ts';

export interface Live {
  start(): void;
  /** Stores what there was since the last second ended. */
  stop(): void;
  /** A state changed: push a status soon. */
  changed(): void;
  /** The newest status, computed now. */
  status(): Status;
}

export interface LiveOptions {
  now(): number;
  configuration: Configuration;
  slots: SlotTable;
  reader: Reader;
  pages(): SharedArrayBuffer[][];
  events: EventHub;
  project(at: number): Status;
  /** Stores one second; called every second, also with no rows. */
  record(atS: number, rows: SampleRow[]): void;
}

const MIN_STATUS_GAP_MS = 250;
/** A timer may fire this long before its second has ended by the wall clock; it has ended all the same. */
const EARLY_MS = 20;

/** The second a tick at `at` closes. No two ticks close the same one: its row would be written over. */
export function endedSecondS(at: number): number {
  return Math.floor((at + EARLY_MS) / 1000) - 1;
}

/** From a tick at `at`, early or late, to the end of the second it is in. */
export function nextTickDelayMs(at: number): number {
  return 1000 - ((at + EARLY_MS) % 1000) + EARLY_MS;
}

export function createLive(options: LiveOptions): Live {
  const { events, reader } = options;
  let tick: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | undefined;
  let lastStatusAt = 0;

  function pushStatus() {
    clearTimeout(soon);
    soon = undefined;
    lastStatusAt = options.now();
    if (events.hasSubscribers()) events.emit({ type: 'status', value: options.project(lastStatusAt) });
  }

  function everySecond() {
    const at = options.now();
    // First: a second that cannot be closed must not be the last.
    schedule(at);
    closeSecond(at, endedSecondS(at));
    pushStatus();
  }

  function closeSecond(at: number, atS: number) {
    const slots = usedSlots(options);
    const pageSets = options.pages();
    reader.tick(at, slots.all, pageSets);
    for (const slot of options.slots.reclaim(reader.isIdle)) {
      clearRow(pageSets, slot);
      reader.forget(slot);
    }
    options.record(atS, sampleRows(options, slots.members));
    if (events.hasSubscribers()) events.emit({ type: 'sample', value: sample(options, at, slots.members) });
  }

  function schedule(at: number) {
    tick = setTimer(everySecond, nextTickDelayMs(at));
  }

  return {
    start: () => schedule(options.now()),
    stop() {
      clearTimeout(tick);
      clearTimeout(soon);
      // The second under way is cut short, not lost.
      const at = options.now();
      closeSecond(at, endedSecondS(at) + 1);
    },
    changed() {
      if (soon) return;
      const wait = Math.max(0, lastStatusAt + MIN_STATUS_GAP_MS - options.now());
      soon = setTimer(pushStatus, wait);
    },
    status: () => options.project(options.now()),
  };
}

/** What a pool's traffic is the sum of. */
interface Member {
  pool: string;
  /** UNSERVED: what no backend was tried for. */
  backend: string;
  slot: number;
}

function usedSlots(options: LiveOptions): { all: number[]; members: Member[] } {
  const { config } = options.configuration.current();
  const members = config.pools.flatMap((pool): Member[] => [
    ...pool.backends.map((backend) => ({
      pool: pool.name,
      backend: backend.name,
      slot: options.slots.backendSlot(pool.name, backend.name),
    })),
    { pool: pool.name, backend: UNSERVED, slot: options.slots.poolSlot(pool.name) },
  ]);
  const listeners = config.listeners.map((listener) => options.slots.listenerSlot(listener.name));
  const all = [...listeners, ...members.map((member) => member.slot), ...options.slots.quarantined()];
  return { all, members };
}

function sampleRows(options: LiveOptions, members: readonly Member[]): SampleRow[] {
  return members.flatMap(({ pool, backend, slot }): SampleRow[] => {
    const second = options.reader.second(slot);
    if (!second) return [];
    return [{ pool, backend, ...trafficPoint(second), latency: second.latencySparse }];
  });
}

function sample(options: LiveOptions, at: number, all: readonly Member[]): Sample {
  const pools: Sample['pools'] = {};
  const slotsByPool = Map.groupBy(all, (member) => member.pool);
  for (const [pool, members] of slotsByPool) {
    const total = options.reader.mergedSecond(members.map((member) => member.slot));
    if (!total) continue;
    const byBackend: Record<string, TrafficPoint> = {};
    for (const member of members) {
      const second = member.backend === UNSERVED ? undefined : options.reader.second(member.slot);
      if (second) byBackend[member.backend] = trafficPoint(second);
    }
    pools[pool] = { total: trafficPoint(total), backends: byBackend };
  }
  return { at, pools };
}

function trafficPoint(second: SecondDelta): TrafficPoint {
  const count = (counter: keyof typeof COUNTER) => second.counters[COUNTER[counter]] ?? 0;
  return {
    requests: count('requests'),
    status2xx: count('status2xx'),
    status3xx: count('status3xx'),
    status4xx: count('status4xx'),
    status5xx: count('status5xx'),
    errors: count('errors'),
    bytesIn: count('bytesIn'),
    bytesOut: count('bytesOut'),
    p50Ms: second.p50Ms,
    p95Ms: second.p95Ms,
    p99Ms: second.p99Ms,
  };
}
