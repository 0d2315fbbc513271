// The certificates of all listeners and whether the local authority is believed. Asked again when the
// engine runs something else, and now and then: a file can be renewed without a word to the window.
import type { CertificateStatus, TrustState } from '#shared/certificates.ts';
import type { ListenerConfig } from '#shared/config/listener.ts';
import type { ListenerStatus } from '#shared/status.ts';
import { useLive, useQuery } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';

const REFRESH_MS = 10_000;
const NONE: readonly CertificateStatus[] = [];
const selectApplied = (state: LiveState) => state.status?.appliedRevision;

export interface Certificates {
  of: (listener: string) => readonly CertificateStatus[];
  trust: TrustState | undefined;
}

export function useCertificates(
  listeners: readonly ListenerConfig[],
  statuses: readonly ListenerStatus[],
): Certificates {
  const applied = useLive(selectApplied);
  const states = statuses.map(({ state }) => state).join(' ');
  const deps = [applied, states];
  const enabled = listeners.some(({ protocol }) => protocol === 'https');
  const { data } = useQuery('certificates.list', {}, { refreshMs: REFRESH_MS, deps, enabled });
  const all = enabled ? (data?.certificates ?? NONE) : NONE;
  const local = all.some(({ source }) => source === 'local-ca');
  const authority = useQuery(
    'certificates.authority',
    {},
    { refreshMs: REFRESH_MS, deps, enabled: enabled && local },
  );
  return {
    of: (listener) => all.filter((each) => each.listener === listener),
    trust: authority.data?.trust,
  };
}
