// How a value of a Config reads in a sentence about a change: with its unit, without quotes and brackets,
// and short when it is a whole part. Pure. Called by changes.ts.
import { type Noun, termOf } from '#shared/config/terms.ts';

/** Beyond this a list or a part goes on with "…"; its first piece is never cut. */
const MAX_CHARS = 80;

/** By how the name of a field ends; the longer one first. */
const UNITS: readonly [suffix: string, unit: string][] = [
  ['BytesPerS', ' B/s'],
  ['Bytes', ' B'],
  ['Ms', ' ms'],
  ['Pct', ' %'],
];

/** Fields whose 0 lifts the limit: read as a number it would say the opposite. */
const NO_LIMIT_AT_0: Partial<Record<Noun, ReadonlySet<string>>> = {
  listener: new Set(['limits.bodyBytes', 'limits.bodyMinBytesPerS', 'limits.connectionsPerClient']),
  pool: new Set(['maxInFlight', 'drainMs']),
};

export function changeText(noun: Noun, path: string, before: unknown, after: unknown): string {
  const [from, to] = [shown(noun, path, before), shown(noun, path, after)];
  // Long lists that begin the same: what they do not share is what there is to say.
  if (from === to && Array.isArray(before) && Array.isArray(after)) return listChange(before, after);
  return `${from} → ${to}`;
}

function listChange(before: readonly unknown[], after: readonly unknown[]): string {
  const gone = before.filter((item) => !after.includes(item)).map(itemText);
  const added = after.filter((item) => !before.includes(item)).map(itemText);
  const said = [
    ...(gone.length === 0 ? [] : [`without ${joined(gone)}`]),
    ...(added.length === 0 ? [] : [`with ${joined(added)}`]),
  ];
  return said.length === 0 ? 'in another order' : said.join(', ');
}

function shown(noun: Noun, path: string, value: unknown): string {
  if (value === undefined) return absentText(noun, path);
  // What a field of an answer must equal: there true is a word of its own.
  if (path === 'healthCheck.expectJson.equals') return JSON.stringify(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === 0 && NO_LIMIT_AT_0[noun]?.has(path)) return 'no limit';
  if (typeof value === 'number') return `${value}${unitOf(path)}`;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : joined(value.map(itemText));
  if (!isPlain(value)) return String(value);
  if (path === 'healthCheck') return checkText(value);
  return joined(
    Object.entries(value).flatMap(([key, field]) => {
      const inner = `${path}.${key}`;
      return field === undefined ? [] : [`${termOf(noun, inner)} ${shown(noun, inner, field)}`];
    }),
  );
}

/** A certificate from files without a list of hosts is not shown for none: its own names count. */
function absentText(noun: Noun, path: string): string {
  return noun === 'certificate' && path === 'hosts' ? 'the names in the certificate' : 'none';
}

function unitOf(path: string): string {
  return UNITS.find(([suffix]) => path.endsWith(suffix))?.[1] ?? '';
}

/** Things with a name are told by it. */
function itemText(item: unknown): string {
  if (isPlain(item) && 'name' in item) return String(item.name);
  return isPlain(item) ? JSON.stringify(item) : String(item);
}

function checkText(check: { type?: unknown; path?: unknown; intervalMs?: unknown }): string {
  const asks = check.path === undefined ? '' : ` ${check.path}`;
  return `${check.type}${asks}, every ${check.intervalMs} ms`;
}

function joined(parts: readonly string[]): string {
  let text = parts[0] ?? 'none';
  for (const part of parts.slice(1)) {
    if (text.length + part.length + 2 > MAX_CHARS) return `${text}, …`;
    text += `, ${part}`;
  }
  return text;
}

export function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Two forms of a part that have different fields, such as an http check and a tcp one. */
export function isOtherKind(a: object, b: object): boolean {
  return 'type' in a && 'type' in b && a.type !== b.type;
}
