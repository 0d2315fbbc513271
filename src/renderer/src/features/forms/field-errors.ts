// What a form says at a field whose value was refused: a sentence with the fix, in the words of the form.
// A number tells its bounds, from the schema; an entry of a list is named by its text. Invariant: every
// error sits at a field a person can reach, not inside its list. Pure; called by form-resolver and issues.
import { z } from 'zod';
import { inFormWords } from '../../lib/field-words.ts';
import { schemaAt } from '../../lib/schema-at.ts';
import { wordsFrom } from './form-schema.ts';

export interface FieldError {
  /** Of a field of the form. */
  path: string;
  message: string;
}

/** Of what was typed; the first error of each field. `schema` is what refused it. */
export function fieldErrors(error: z.ZodError, schema: z.ZodType, values: object): FieldError[] {
  const found = new Map<string, FieldError>();
  for (const issue of error.issues) {
    const inner = issue.path.map(String).join('.');
    const path = fieldAt(values, inner) ?? inner;
    if (found.has(path)) continue;
    const message = numberMessage(schemaAt(schema, inner), inner) ?? issue.message;
    found.set(path, { path, message: sentenceOf(message, entryAt(values, path, inner)) });
  }
  return [...found.values()];
}

/** The field of `values` that holds `path`; a deeper path (an item of a typed list) belongs to its field. */
export function fieldAt(values: object, path: string): string | undefined {
  const walked: string[] = [];
  let node: unknown = values;
  for (const segment of path.split('.')) {
    if (!isGroup(node)) break;
    if (!Object.hasOwn(node, segment)) return undefined;
    node = node[segment];
    walked.push(segment);
  }
  return isGroup(node) ? undefined : walked.join('.');
}

/** Holds fields rather than being one: a part of a form, or its repeated parts. */
function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The text of the entry `path` leads to in the list that is typed into `field`; undefined for a plain field. */
export function entryAt(values: object, field: string, path: string): string | undefined {
  const index = Number(path.slice(field.length + 1));
  if (path.length <= field.length || !Number.isInteger(index)) return undefined;
  const text = field
    .split('.')
    .reduce<unknown>((node, key) => (isGroup(node) ? node[key] : undefined), values);
  return typeof text === 'string' ? wordsFrom(text)?.[index] : undefined;
}

/** Messages of the schemas that are no sentence by themselves, or speak of the config file. */
const PHRASES: readonly [RegExp, string][] = [
  [/^is required$/, 'fill this in'],
  [/^must start with "\/" and hold no spaces$/, 'start with "/" and leave out spaces, for example /health'],
  [/^must be (a host name, .*)$/, 'use $1'],
  [/^must not exceed intervalMs \((\d+)\); /, 'use at most the interval, $1 ms; '],
  [/^must not end below its start; /, 'ends below its start; '],
  [/^too big: expected string to have <=(\d+) characters$/i, 'use at most $1 characters'],
  [/^too big: expected array to have <=(\d+) items$/i, 'use at most $1 entries'],
  [/^invalid (input|option|value).*$/i, 'choose another value'],
];
const LONGEST_ENTRY = 40;

/** `message` of a schema or of the core; `entry`: the text in a list that it is about. */
export function sentenceOf(message: string, entry?: string): string {
  const phrase = PHRASES.reduce((text, [from, to]) => text.replace(from, to), inFormWords(message));
  // Without a subject: what the message is about comes first.
  const isPredicate = /^(must|is|has|ends)\b/.test(phrase);
  if (entry === undefined) return isPredicate ? `It ${phrase}` : upperFirst(phrase);
  // A network is named by its address already.
  if (phrase.startsWith(`${entry.replace(/\/\d+$/, '')} `)) return phrase;
  const named = `"${entry.length > LONGEST_ENTRY ? `${entry.slice(0, LONGEST_ENTRY - 1)}…` : entry}"`;
  return isPredicate ? `${named} ${phrase}` : `${named} does not fit: ${phrase}`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "use a port from 1 to 65535"; undefined where the schema takes no number. */
function numberMessage(schema: z.ZodType | undefined, path: string): string | undefined {
  if (!(schema instanceof z.ZodNumber)) return undefined;
  const field = path.split('.').findLast((segment) => !/^\d+$/.test(segment)) ?? path;
  const lowest = schema.minValue ?? 0;
  const highest = schema.maxValue ?? Number.MAX_SAFE_INTEGER;
  if (/port$/i.test(field)) return `use a port from ${lowest} to ${highest}`;
  const what = /Pct$/.test(field)
    ? 'a percentage'
    : schema.isInt
      ? `a whole number${unitOf(field)}`
      : 'a number';
  return highest === Number.MAX_SAFE_INTEGER
    ? `use ${what}, ${lowest} or more`
    : `use ${what} from ${lowest} to ${highest}`;
}

function unitOf(field: string): string {
  if (field.endsWith('Ms')) return ' of milliseconds';
  if (field.endsWith('BytesPerS')) return ' of bytes per second';
  return field.endsWith('Bytes') ? ' of bytes' : '';
}
