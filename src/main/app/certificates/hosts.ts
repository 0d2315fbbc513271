// Which names the certificates of a listener are for. Clients believe no wildcard right below a top-level
// name such as "*.localhost", so a certificate of the local authority names the hosts of the routes one by
// one. Invariant: this never changes which certificate a name gets that one of them is for already.
// Pure; called by supply.ts.
import type { RouteConfig } from '#shared/config/listener.ts';
import { type CertificateConfig, CertificateHost } from '#shared/config/tls.ts';
import { compileServerNames } from '../../engine/tls/sni.ts';

interface Asked extends Pick<CertificateConfig, 'source'> {
  /** What it was asked to be for, or of files what is in them. */
  hosts: readonly string[];
}

/** In the order of `certificates`; lower case, what was asked for first. */
export function certificateHosts(routes: readonly RouteConfig[], certificates: readonly Asked[]): string[][] {
  const all = certificates.map(({ hosts }) => unique(hosts.map((host) => host.toLowerCase())));
  const names = compileServerNames(all.map((hosts) => ({ hosts })));
  const firstLocal = certificates.findIndex(({ source }) => source === 'local-ca');
  for (const host of exactHosts(routes)) {
    const found = names.find(host);
    const position = found === -1 && host.endsWith('.localhost') ? firstLocal : found;
    if (certificates[position]?.source !== 'local-ca') continue;
    const hosts = all[position];
    if (!hosts?.includes(host)) hosts?.push(host);
  }
  return all;
}

/** A route may also ask for a wildcard or an address in brackets. */
function exactHosts(routes: readonly RouteConfig[]): string[] {
  const hosts = routes.flatMap(({ match }) => match.host?.toLowerCase() ?? []);
  return unique(hosts).filter((host) => !host.startsWith('*.') && CertificateHost.safeParse(host).success);
}

function unique(hosts: readonly string[]): string[] {
  return [...new Set(hosts)];
}
