// Reads a list of backends as people paste it: one address per line with an optional weight. Every bad
// line is reported with its number. Pure; called by the pool form.
import { MAX_WEIGHT } from '#shared/config/backend.ts';
import { type BackendScheme, commonScheme, readAddress, sameAddressText } from '../../lib/addresses.ts';
import { plural } from '../../lib/format.ts';
import { freeName } from './names.ts';

export interface ReadBackend {
  name: string;
  address: string;
  weight?: number;
}

export interface LineProblem {
  /** Counted from 1, as an editor does. */
  line: number;
  text: string;
  message: string;
}

export interface ReadLines {
  backends: ReadBackend[];
  problems: LineProblem[];
  /** What the addresses say is spoken to them; undefined where none says anything. */
  scheme: BackendScheme | undefined;
}

interface ReadLine {
  address: string;
  weight?: number;
  scheme: BackendScheme | undefined;
}

/** `[scheme://]host:port [weight]` per line; blank lines and `#` comments are passed over. */
export function readBackendLines(text: string, poolName: string): ReadLines {
  const result: ReadLines = { backends: [], problems: [], scheme: undefined };
  const firstLineOf = new Map<string, number>();
  let lead: { line: number; scheme: BackendScheme | undefined } | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    const content = raw.replace(/(^|\s)#.*$/, '').trim();
    if (content === '') return;
    const line = index + 1;
    const read = readLine(content);
    if (typeof read === 'string') {
      result.problems.push({ line, text: content, message: read });
      return;
    }
    const earlier = firstLineOf.get(read.address);
    if (earlier !== undefined) {
      result.problems.push({
        line,
        text: content,
        message: sameAddressText(`line ${earlier}`),
      });
      return;
    }
    firstLineOf.set(read.address, line);
    const { scheme, ...backend } = read;
    lead ??= { line, scheme };
    const common = commonScheme([lead.scheme, scheme]);
    if (common === 'mixed') {
      const says = lead.scheme === 'https' ? 'says' : 'is without';
      result.problems.push({
        line,
        text: content,
        message: `a pool speaks one protocol to its backends, and line ${lead.line} ${says} https://; make them agree`,
      });
      return;
    }
    result.scheme ??= common;
    const name = freeName(
      poolName,
      result.backends.map((each) => each.name),
    );
    result.backends.push({ name, ...backend });
  });
  return result;
}

/** "2 backends: app-1 to app-2." */
export function readText(backends: readonly ReadBackend[]): string {
  const [first, last] = [backends[0]?.name, backends.at(-1)?.name];
  return `${plural(backends.length, 'backend')}: ${first === last ? first : `${first} to ${last}`}.`;
}

const WEIGHT_RULE = `must be a whole number from 0 to ${MAX_WEIGHT}`;

function readLine(content: string): ReadLine | string {
  const [first = '', second, ...rest] = content.split(/[\s,]+/).filter((word) => word !== '');
  const further = [second, ...rest].find((word) => word !== undefined && isAddress(word));
  if (further !== undefined) {
    const apart = `one backend a line: put ${further} on a line of its own`;
    // Either may have been meant by a number alone.
    const orWeight = rest.length === 0 && /^\d+$/.test(further);
    return orWeight ? `${apart}; as a weight it ${WEIGHT_RULE}` : apart;
  }
  if (rest.length > 0) return 'use one address and, if you like, one weight';
  const read = readAddress(first);
  if (!read.ok) return read.message;
  const { address, scheme } = read;
  if (second === undefined) return { address, scheme };
  const weight = Number(second);
  if (!Number.isInteger(weight) || weight < 0 || weight > MAX_WEIGHT) {
    return `the weight ${WEIGHT_RULE}`;
  }
  return { address, weight, scheme };
}

/** And no weight: a bare number is a port only where no weight is that high. */
function isAddress(word: string): boolean {
  return readAddress(word).ok && !(Number(word) <= MAX_WEIGHT);
}

/** Why what the addresses say does not fit the switch for TLS, with the fix. */
export function schemeProblem(scheme: BackendScheme | undefined, overTls: boolean): string | undefined {
  if (scheme === undefined || (scheme === 'https') === overTls) return undefined;
  return overTls
    ? 'the addresses say http://, but "Connect over TLS" is on; switch it off below, or write https://'
    : 'the addresses say https://, but "Connect over TLS" is off; switch it on below, or drop https://';
}
