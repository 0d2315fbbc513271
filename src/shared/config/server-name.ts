// Decides whether a name may be asked of a backend in a TLS handshake and verified in its certificate.
// Invariant: what passes here is one exact host name, or an address in four numbers, which is verified
// but not asked for (RFC 6066 §3). Pure; asked by cross-check.ts.
import { parseAddress } from './primitives.ts';

const LABEL_MAX = 63;

/** What is wrong with `name` and what to write instead; undefined when it can be asked for. */
export function serverNameFault(name: string): string | undefined {
  if (name.includes('*')) {
    return `a backend is asked for one exact name, not for a wildcard; use for example ${name.replace('*', 'api')}`;
  }
  const labels = name.split('.');
  if (labels.every((label) => /^\d+$/.test(label)) && parseAddress(`${name}:443`) === undefined)
    return `${name} is neither a host name nor an IPv4 address; use the name in the backend’s certificate`;
  if (labels.some((label) => label.length > LABEL_MAX))
    return `a part between two dots has at most ${LABEL_MAX} characters; use the name in the backend’s certificate`;
  return undefined;
}
