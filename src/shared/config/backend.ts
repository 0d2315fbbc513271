// One address in a pool. Weight, role and admin state are three separate things: a weight never
// encodes "drained" or "backup", so changing one cannot silently change another.
import { z } from 'zod';
import { Address, Name } from './primitives.ts';

export const AdminState = z.enum(['enabled', 'draining', 'disabled']);
export type AdminState = z.infer<typeof AdminState>;

export const BackendRole = z.enum(['primary', 'backup']);
export type BackendRole = z.infer<typeof BackendRole>;

export const MAX_WEIGHT = 1000;

/** Share of new requests relative to the other usable backends of the pool. 0: none at all. */
export const Weight = z
  .int('must be a whole number')
  .min(0, `must be 0 to ${MAX_WEIGHT}`)
  .max(MAX_WEIGHT, `must be 0 to ${MAX_WEIGHT}`);

export const BackendConfig = z.strictObject({
  name: Name,
  address: Address,
  weight: Weight.default(1).meta({
    description:
      'Share of new requests relative to the pool’s other usable backends, 0 to 1000; 0 gets none.',
  }),
  state: AdminState.default('enabled').meta({
    description:
      'enabled: takes requests. draining: gets nothing new; what it has may finish until the drain time of its pool ' +
      'is up. disabled: gets nothing new. ' +
      'A drain or disable made at run time is remembered separately and wins until this value is changed.',
  }),
  role: BackendRole.default('primary').meta({
    description: 'backup: used only while no primary backend of the pool can serve.',
  }),
});
export type BackendConfig = z.infer<typeof BackendConfig>;
