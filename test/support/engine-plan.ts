// A plan made the way the core makes it, from a Config, without a core.
import { type ConfigInput, parseConfig } from '#shared/config/config.ts';
import { compilePlan } from '../../src/main/engine/compile.ts';
import type { Plan } from '../../src/main/engine/plan.ts';
import { createSlotTable, type SlotTable } from '../../src/main/engine/slots.ts';

export function planOf(config: ConfigInput, revision = 1, slots: SlotTable = createSlotTable()): Plan {
  const parsed = parseConfig(config);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return compilePlan(parsed.value, {
    instance: 'test',
    revision,
    slots,
    adminOf: (_pool, backend) => backend.state,
    // So that every drain goes on for longer than a test.
    drainingSince: () => Date.now(),
    listenerTls: () => ({ ok: false, fault: 'no certificates in this test' }),
    poolTls: () => ({ ok: false, fault: 'no certificates in this test' }),
    usableOf: () => true,
  });
}
