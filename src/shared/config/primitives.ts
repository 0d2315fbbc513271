// The scalar shapes every part of a Config is built from, each with one clear message for a bad value.
// Pure: used by the config schemas, the operation inputs and the window's forms alike.
import { z } from 'zod';

/** A name is a reference: unique in its scope, safe in a URL path, a metric label and a shell word. */
export const Name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'use 1 to 63 letters, digits, ".", "_" or "-", starting with a letter or digit',
  )
  .meta({ description: 'Unique in its scope; what other parts refer to. Letters, digits, ".", "_", "-".' });

/** TCP port a listener binds. 0 asks the system for a free one; the status shows which it gave. */
export const ListenPort = z
  .int('must be a whole number')
  .min(0, 'must be 0 to 65535')
  .max(65535, 'must be 0 to 65535');

/** A duration in milliseconds. Capped at one day: timers above 2^31 ms would fire at once. */
export function durationMs(minMs: number, maxMs = 86_400_000) {
  return z
    .int('must be a whole number of milliseconds')
    .min(minMs, `must be at least ${minMs} ms`)
    .max(maxMs, `must be at most ${maxMs} ms`);
}

export interface HostPort {
  host: string;
  port: number;
}

/**
 * Splits `host:port` or `[v6]:port`; undefined when it is neither. The host is returned without
 * brackets and is not resolved: whether a name exists is only known when it is dialled.
 */
export function parseAddress(address: string): HostPort | undefined {
  const match =
    /^(?:\[([0-9A-Fa-f:.%a-z]+)\]|([A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?)):([0-9]{1,5})$/.exec(
      address,
    );
  if (!match) return undefined;
  const port = Number(match[3]);
  const host = match[1] ?? match[2];
  if (host === undefined || !isHost(host) || port < 1 || port > 65535) return undefined;
  return { host, port };
}

/** Digits and dots alone are an IPv4 address or nothing; a name has no empty part. */
export function isHost(host: string): boolean {
  if (host.includes(':')) return true;
  const parts = host.split('.');
  if (parts.some((part) => part === '')) return false;
  if (!parts.every((part) => /^[0-9]+$/.test(part))) return true;
  return parts.length === 4 && parts.every((part) => part.length <= 3 && Number(part) <= 255);
}

export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Where a backend listens: `127.0.0.1:3001`, `localhost:3001`, `[::1]:3001`. */
export const Address = z
  .string()
  .refine(
    (value) => parseAddress(value) !== undefined,
    'use host:port, for example 127.0.0.1:3001 or [::1]:3001',
  )
  .meta({ description: 'host:port of the backend; IPv6 in brackets.' });

/** An address or a network: `10.0.0.0/8`, `192.0.2.7`, `fd00::/8`. Its numbers: network.ts. */
export const Cidr = z
  .string()
  .regex(
    /^(\d{1,3}(\.\d{1,3}){3}(\/([0-9]|[12][0-9]|3[0-2]))?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*(\/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8]))?)$/,
    'use an address or a network, for example 10.0.0.0/8, 192.0.2.7 or fd00::/8',
  );
