// Reads an address the way people write it: `3001`, `localhost:3001`, `http://localhost:3001/`. Pure;
// used wherever an address is typed.
import { parseAddress } from '#shared/config/primitives.ts';

/** Best reading of what was typed as `host:port`; unreadable text comes back trimmed, to be refused. */
export function normalizeAddress(text: string): string {
  const trimmed = text.trim();
  if (/^:?\d{1,5}$/.test(trimmed)) return `127.0.0.1:${trimmed.replace(':', '')}`;
  const url = /^(https?):\/\/([^/?#]+)(?:[/?#].*)?$/i.exec(trimmed);
  const authority = url?.[2];
  if (url === null || authority === undefined) return trimmed;
  if (parseAddress(authority) !== undefined) return authority;
  const withPort = `${authority}:${url[1]?.toLowerCase() === 'https' ? 443 : 80}`;
  return parseAddress(withPort) === undefined ? trimmed : withPort;
}
