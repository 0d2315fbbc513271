// What the backend form holds, and its way from and to BackendConfig. Pure.
import { type AdminState, BackendConfig, type BackendRole } from '#shared/config/backend.ts';
import type { PolicyName } from '#shared/config/pool.ts';
import { addressFieldOf } from '../../lib/addresses.ts';
import { formatShare } from '../../lib/format.ts';
import { policyUsesWeights } from '../../lib/share.ts';
import { formSchema, numberFrom } from './form-schema.ts';

export interface BackendValues {
  name: string;
  address: string;
  weight: string;
  state: AdminState;
  role: BackendRole;
}

export function newBackendValues(name: string, weight = 1): BackendValues {
  return { name, address: '', weight: String(weight), state: 'enabled', role: 'primary' };
}

/** What a new backend of the pool starts with: as much as the others have on average, or 1. */
export function usualWeight(backends: readonly { weight: number }[]): number {
  if (backends.length === 0) return 1;
  return Math.round(backends.reduce((sum, { weight }) => sum + weight, 0) / backends.length);
}

/**
 * What the typed weight means beside the rest of the pool, once all that are enabled can serve.
 * Undefined where the weight is no number yet.
 */
export function shareText(
  values: Pick<BackendValues, 'weight' | 'state' | 'role'>,
  others: readonly Pick<BackendConfig, 'weight' | 'state' | 'role'>[],
  policy: PolicyName,
): string | undefined {
  if (!policyUsesWeights(policy)) return 'Round robin ignores weights: each backend gets the same share.';
  const weight = numberFrom(values.weight);
  if (!BackendConfig.shape.weight.safeParse(weight).success || typeof weight !== 'number') return undefined;
  if (values.state !== 'enabled') return `It gets no new requests while it is ${values.state}.`;
  const rivals = others.filter(({ state, role }) => state === 'enabled' && role === values.role);
  const total = rivals.reduce((sum, rival) => sum + rival.weight, weight);
  const share = formatShare(total === 0 ? 0 : weight / total);
  return values.role === 'backup'
    ? `${share} of the requests while only backups serve.`
    : `${share} of the requests when all enabled backends serve.`;
}

export function backendValues(backend: BackendConfig): BackendValues {
  return { ...backend, weight: String(backend.weight) };
}

/**
 * `original`: what is being edited; none for a new one. `overTls`: whether its pool connects over TLS.
 * `others`: the rest of the pool. An address that was saved as another's stays until it is changed.
 */
export function backendFormSchema(
  original?: BackendConfig,
  overTls?: boolean,
  others: readonly BackendConfig[] = [],
) {
  const taken = others.filter(({ address }) => address !== original?.address);
  return formSchema(
    (values: BackendValues) => ({
      ...values,
      name: values.name.trim(),
      weight: numberFrom(values.weight),
    }),
    BackendConfig.extend({ address: addressFieldOf(overTls, taken) }),
    original,
  );
}
