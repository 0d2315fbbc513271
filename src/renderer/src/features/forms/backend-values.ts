// What the backend form holds, and its way from and to BackendConfig. Pure.
import { type AdminState, BackendConfig, type BackendRole } from '#shared/config/backend.ts';
import { normalizeAddress } from '../../lib/addresses.ts';
import { formSchema, numberFrom } from './form-schema.ts';

export interface BackendValues {
  name: string;
  address: string;
  weight: string;
  state: AdminState;
  role: BackendRole;
}

export function newBackendValues(name: string): BackendValues {
  return { name, address: '', weight: '1', state: 'enabled', role: 'primary' };
}

export function backendValues(backend: BackendConfig): BackendValues {
  return { ...backend, weight: String(backend.weight) };
}

/** `original`: what is being edited; none for a new one. */
export function backendFormSchema(original?: BackendConfig) {
  return formSchema(
    (values: BackendValues) => ({
      ...values,
      name: values.name.trim(),
      address: normalizeAddress(values.address),
      weight: numberFrom(values.weight),
    }),
    BackendConfig,
    original,
  );
}
