// What the listener form says of the address while it is typed. Invariant: a port or host that would be
// refused is never shown as if it opened; it stays "…". Pure; called by the listener form.
import { ListenerConfig } from '#shared/config/listener.ts';
import { namedOrigin, type Scheme, unnamedHost } from '../../lib/listener-url.ts';
import { numberFrom, textFrom } from './form-schema.ts';
import { type CertificateValues, typedNames } from './listener-tls-values.ts';

const ANY_HOST: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const UNKNOWN = '…';

const THIS_MACHINE: ReadonlySet<string> = new Set(['', 'localhost', '127.0.0.1', '::1']);

/** Where only this machine can come from, what it would be opened by is easily left out of the hosts. */
export function localhostWarning(
  host: string,
  certificates: readonly CertificateValues[],
): string | undefined {
  const names = typedNames(certificates)?.flatMap(({ hosts }) => hosts) ?? [];
  if (!THIS_MACHINE.has(host.trim().toLowerCase())) return undefined;
  return unnamedHost('https://localhost', names) === undefined
    ? undefined
    : 'localhost is not among them, so clients refuse https://localhost.';
}

/** `names`: what the certificates are for; empty in clear text and while it is not known. */
export function opensAsText(
  protocol: Scheme,
  host: string,
  port: string,
  names: readonly string[] = [],
): string {
  const number = numberFrom(port);
  if (number === 0) {
    return 'Port 0 lets the system choose a free port; the listeners page shows which one. It may be another after a restart.';
  }
  const shownPort = ListenerConfig.shape.port.safeParse(number).success ? String(number) : UNKNOWN;
  const readHost = ListenerConfig.shape.host.safeParse(textFrom(host));
  if (!readHost.success) return `Opens as ${protocol}://${UNKNOWN}:${shownPort}`;
  const name = readHost.data;
  if (ANY_HOST.has(name)) {
    return `Reachable from the network on port ${shownPort} of every address of this machine.`;
  }
  const origin = namedOrigin(protocol, `${name.includes(':') ? `[${name}]` : name}:${shownPort}`, names);
  const refusedAs = unnamedHost(origin, names);
  return refusedAs === undefined
    ? `Opens as ${origin}`
    : `Opens as ${origin}, which clients refuse: no certificate is for ${refusedAs}.`;
}
