// Which backends the table shows for the filter box and the state choice. Pure; called by backend-table.
import type { BackendStatus } from '#shared/status.ts';
import { isProblem } from '../../lib/state-marks.ts';

export type StateFilter = 'all' | 'problems';

/** Every word of `text` must occur in the name, address, state or cause; upper and lower case are equal. */
export function matchesText(backend: BackendStatus, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const haystack =
    `${backend.name} ${backend.address} ${backend.state} ${backend.cause} ${backend.role}`.toLowerCase();
  return words.every((word) => haystack.includes(word));
}

export function filterBackends(
  backends: readonly BackendStatus[],
  text: string,
  state: StateFilter,
): readonly BackendStatus[] {
  if (text.trim() === '' && state === 'all') return backends;
  return backends.filter(
    (backend) => (state === 'all' || isProblem(backend.state)) && matchesText(backend, text),
  );
}
