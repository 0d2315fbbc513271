// Which row of the shared counters belongs to which listener, pool or backend. A name keeps its row while it
// is in use; renamed, it goes on under the new one, totals and all. A row that lost its name is quarantined:
// requests it had may still finish and write to it. It returns to use only after every engine thread
// confirmed a plan without it and it was found idle twice in a row; the core clears it before then. Pure; the
// core owns one table.
import type { BackendRef } from '#shared/backend-ref.ts';
import { ROWS_PER_PAGE } from './telemetry/layout.ts';

export interface SlotTable {
  /** Row of the listener called `name`; a new one on first use. */
  listenerSlot(name: string): number;
  /** Row of a pool, for the requests no backend was tried for; a new one on first use. */
  poolSlot(name: string): number;
  /** Row of a backend; a new one on first use. */
  backendSlot(pool: string, backend: string): number;
  /** The row of `from` is that of `to` from now on; the caller retains only `to`. */
  renameBackend(from: BackendRef, to: BackendRef): void;
  /** Quarantines every row but those of the given names; the next plan is made of these. Answers its generation. */
  retain(listeners: readonly string[], pools: readonly string[], backends: readonly BackendRef[]): number;
  /** Every engine thread now runs the plan of this generation or a later one. */
  confirm(generation: number): void;
  /**
   * Ends the quarantine of rows nobody can write to any more; call about once a second. The caller
   * must clear each returned row in every page set and forget it in the reader before the next plan
   * is compiled. `isIdle`: no request, tunnel or connection is counted in the row now.
   */
  reclaim(isIdle: (slot: number) => boolean): number[];
  /** Rows in quarantine: still to be read, no longer to be shown. */
  quarantined(): number[];
  /** Pages needed to hold every row handed out so far. */
  pageCount(): number;
}

interface Retired {
  slot: number;
  /** The first generation without the row. */
  generation: number;
  foundIdle: boolean;
}

export function createSlotTable(): SlotTable {
  const slots = new Map<string, number>();
  let quarantine: Retired[] = [];
  /** Ready for a new owner; the lowest is taken first, to keep pages dense. */
  let free: number[] = [];
  let handedOut = 0;
  let generation = 0;
  let confirmed = 0;

  function slotOf(key: string): number {
    const known = slots.get(key);
    if (known !== undefined) return known;
    const slot = free.shift() ?? handedOut++;
    slots.set(key, slot);
    return slot;
  }

  return {
    listenerSlot: (name) => slotOf(listenerKey(name)),
    poolSlot: (name) => slotOf(poolKey(name)),
    backendSlot: (pool, backend) => slotOf(backendKey(pool, backend)),

    renameBackend(from, to) {
      const [key, newKey] = [backendKey(from.pool, from.backend), backendKey(to.pool, to.backend)];
      const slot = slots.get(key);
      if (slot === undefined || slots.has(newKey)) return;
      slots.delete(key);
      slots.set(newKey, slot);
    },

    retain(listeners, pools, backends) {
      const inUse = new Set([
        ...listeners.map(listenerKey),
        ...pools.map(poolKey),
        ...backends.map(({ pool, backend }) => backendKey(pool, backend)),
      ]);
      generation++;
      for (const [key, slot] of slots) {
        if (inUse.has(key)) continue;
        slots.delete(key);
        quarantine.push({ slot, generation, foundIdle: false });
      }
      return generation;
    },

    confirm(applied) {
      confirmed = Math.max(confirmed, applied);
    },

    reclaim(isIdle) {
      const reclaimed: number[] = [];
      quarantine = quarantine.filter((retired) => {
        if (retired.generation > confirmed) return true;
        const idle = isIdle(retired.slot);
        // The engine runs beside us: between its last gauge and its last counter we may look once.
        if (idle && retired.foundIdle) {
          reclaimed.push(retired.slot);
          return false;
        }
        retired.foundIdle = idle;
        return true;
      });
      free = [...free, ...reclaimed].sort((a, b) => a - b);
      return reclaimed;
    },

    quarantined: () => quarantine.map(({ slot }) => slot),
    pageCount: () => Math.ceil(handedOut / ROWS_PER_PAGE),
  };
}

// JSON keeps the parts apart whatever characters they hold, and the kinds by their shape.
function listenerKey(name: string): string {
  return JSON.stringify([name]);
}

function poolKey(name: string): string {
  return JSON.stringify({ pool: name });
}

function backendKey(pool: string, backend: string): string {
  return JSON.stringify([pool, backend]);
}
