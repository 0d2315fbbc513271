// Which row of the shared counters belongs to which listener or backend. A name keeps its row while
// it is in use. A row that lost its name is quarantined: requests it had may still finish and write
// to it. It returns to use only after every engine thread confirmed a plan without it and it was
// found idle twice in a row; the core clears it before then. Pure; the core owns one table.

import type { Plan } from './plan.ts';
import { ROWS_PER_PAGE } from './telemetry/layout.ts';

export interface SlotTable {
  /** Row of the listener called `name`; a new one on first use. */
  listenerSlot(name: string): number;
  /** Row of a backend; a new one on first use. */
  backendSlot(pool: string, backend: string): number;
  /** Quarantines every row that `plan`, about to be applied as `applyId` (ascending), does not use. */
  retain(plan: Plan, applyId: number): void;
  /** Every engine thread now runs the plan applied as `applyId`. */
  confirm(applyId: number): void;
  /**
   * Ends the quarantine of rows nobody can write to any more; call about once a second. The caller
   * must clear each returned row in every page set and forget it in the reader before the next plan
   * is compiled. `isIdle`: no request, tunnel or connection is counted in the row now.
   */
  reclaim(isIdle: (slot: number) => boolean): number[];
  /** Rows in quarantine: still to be read, no longer to be shown. */
  readonly quarantined: readonly number[];
  /** Pages needed to hold every row handed out so far. */
  readonly pageCount: number;
}

interface Retired {
  slot: number;
  /** First apply whose plan is without the row. */
  applyId: number;
  foundIdle: boolean;
}

export function createSlotTable(): SlotTable {
  const slots = new Map<string, number>();
  let quarantine: Retired[] = [];
  /** Ready for a new owner; the lowest is taken first, to keep pages dense. */
  let free: number[] = [];
  let handedOut = 0;
  let confirmedId = Number.NEGATIVE_INFINITY;

  function slotOf(key: string): number {
    const known = slots.get(key);
    if (known !== undefined) return known;
    const slot = free.shift() ?? handedOut++;
    slots.set(key, slot);
    return slot;
  }

  return {
    listenerSlot: (name) => slotOf(listenerKey(name)),
    backendSlot: (pool, backend) => slotOf(backendKey(pool, backend)),

    retain(plan, applyId) {
      const inUse = keysOf(plan);
      for (const [key, slot] of slots) {
        if (inUse.has(key)) continue;
        slots.delete(key);
        quarantine.push({ slot, applyId, foundIdle: false });
      }
    },

    confirm(applyId) {
      confirmedId = Math.max(confirmedId, applyId);
    },

    reclaim(isIdle) {
      const reclaimed: number[] = [];
      quarantine = quarantine.filter((retired) => {
        if (retired.applyId > confirmedId) return true;
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

    get quarantined() {
      return quarantine.map(({ slot }) => slot);
    },

    get pageCount() {
      return Math.ceil(handedOut / ROWS_PER_PAGE);
    },
  };
}

function keysOf(plan: Plan): Set<string> {
  const keys = new Set(plan.listeners.map(({ name }) => listenerKey(name)));
  for (const pool of plan.pools) {
    for (const backend of pool.backends) keys.add(backendKey(pool.name, backend.name));
  }
  return keys;
}

// JSON keeps the parts apart whatever characters they hold, and the two kinds by their length.
function listenerKey(name: string): string {
  return JSON.stringify([name]);
}

function backendKey(pool: string, backend: string): string {
  return JSON.stringify([pool, backend]);
}
