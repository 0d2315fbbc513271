// What a backend has under way, asked of the engine threads when someone wants to see it, and ended
// on demand. The core knows only counts otherwise. Called by operations.ts.
import type { ConnectionStatus } from '#shared/status.ts';
import type { SlotTable } from '../engine/slots.ts';
import type { Configuration } from './configuration.ts';
import { findBackend } from './edits.ts';
import type { EngineLink } from './engine-link.ts';

export interface Connections {
  list(pool: string, backend: string): Promise<{ total: number; connections: ConnectionStatus[] }>;
  /** One of them, or with null all. Answers how many were still there. */
  close(pool: string, backend: string, id: number | null): Promise<{ closed: number }>;
}

export interface ConnectionsOptions {
  configuration: Pick<Configuration, 'current'>;
  engine: Pick<EngineLink, 'ask'>;
  slots: Pick<SlotTable, 'backendSlot'>;
}

/** Each thread lists so many at most. */
const LISTED_MAX = 500;

export function createConnections({ configuration, engine, slots }: ConnectionsOptions): Connections {
  /** Throws `not-found` for a backend that is not in the Config. */
  function slotOf(pool: string, backend: string): number {
    findBackend(configuration.current().config, pool, backend);
    return slots.backendSlot(pool, backend);
  }

  return {
    async list(pool, backend) {
      const answers = await engine.ask({ type: 'list-connections', slot: slotOf(pool, backend) });
      let total = 0;
      const connections: ConnectionStatus[] = [];
      for (const { answer } of answers) {
        if (answer.type !== 'connections') continue;
        total += answer.total;
        connections.push(...answer.connections);
      }
      connections.sort((a, b) => b.ageMs - a.ageMs);
      return { total, connections: connections.slice(0, LISTED_MAX) };
    },
    async close(pool, backend, id) {
      // No two threads use the same number, so all can be asked.
      const slot = slotOf(pool, backend);
      const answers = await engine.ask({ type: 'close-connections', slot, connection: id });
      let closed = 0;
      for (const { answer } of answers) if (answer.type === 'connections-closed') closed += answer.count;
      return { closed };
    },
  };
}
