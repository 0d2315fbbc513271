// Decides which addresses the window may hold, open or hand to the system's browser. Pure; security.ts
// asks before every navigation and ipc.ts before every message.

export const APP_SCHEME = 'app';
export const APP_HOST = 'sluice';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`;

/** Sites a link of ours may open outside; a compromised page gets no further than these. */
const EXTERNAL_HOSTS: ReadonlySet<string> = new Set(['github.com', 'www.rfc-editor.org']);

/** True for our own page: the app scheme, or in development the dev server's origin. */
export function isOwnPage(address: string, devServer: string | undefined): boolean {
  const url = parse(address);
  if (url === undefined) return false;
  // The origin of a custom scheme is "null" outside Chromium, so scheme and host are compared instead.
  if (url.protocol === `${APP_SCHEME}:`) return url.host === APP_HOST;
  const dev = devServer === undefined ? undefined : parse(devServer);
  return dev !== undefined && url.protocol.startsWith('http') && url.origin === dev.origin;
}

/** The normalised address if the system's browser may open it, else undefined. */
export function externalAddress(address: string): string | undefined {
  const url = parse(address);
  if (url === undefined || url.username !== '' || url.password !== '') return undefined;
  const known = url.protocol === 'https:' && url.port === '' && EXTERNAL_HOSTS.has(url.hostname);
  return known || isOnThisMachine(url) ? url.href : undefined;
}

/**
 * Where listeners of this machine answer, on any port. The parser has written IPv4 in four numbers by
 * now; a name below localhost always means this machine (RFC 6761 §6.3).
 */
function isOnThisMachine({ protocol, hostname }: URL): boolean {
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return /^(127(\.\d{1,3}){3}|\[::1\]|([a-z0-9_-]+\.)*localhost)$/.test(hostname);
}

function parse(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}
