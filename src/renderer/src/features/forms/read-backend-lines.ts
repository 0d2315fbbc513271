// Reads a list of backends as people paste it: one address per line with an optional weight. Every bad
// line is reported with its number. Pure; called by the pool form.
import { MAX_WEIGHT } from '#shared/config/backend.ts';
import { parseAddress } from '#shared/config/primitives.ts';
import { normalizeAddress } from '../../lib/addresses.ts';
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
}

/** `host:port [weight]` per line; blank lines and `#` comments are passed over. */
export function readBackendLines(text: string, poolName: string): ReadLines {
  const result: ReadLines = { backends: [], problems: [] };
  const firstLineOf = new Map<string, number>();
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
        message: `line ${earlier} has the same address; remove one`,
      });
      return;
    }
    firstLineOf.set(read.address, line);
    const name = freeName(
      poolName,
      result.backends.map((backend) => backend.name),
    );
    result.backends.push({ name, ...read });
  });
  return result;
}

function readLine(content: string): { address: string; weight?: number } | string {
  const [first = '', second, ...rest] = content.split(/[\s,]+/).filter((word) => word !== '');
  if (rest.length > 0) return 'use one address and, if you like, one weight';
  const address = normalizeAddress(first);
  if (parseAddress(address) === undefined) return 'use host:port, for example 127.0.0.1:3001';
  if (second === undefined) return { address };
  const weight = Number(second);
  if (!Number.isInteger(weight) || weight < 0 || weight > MAX_WEIGHT) {
    return `the weight must be a whole number from 0 to ${MAX_WEIGHT}`;
  }
  return { address, weight };
}
