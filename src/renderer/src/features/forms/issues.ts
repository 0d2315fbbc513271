// Puts what the core refused beside the field it is about. The core names paths from the operation's
// input (`backend.address`) or from the whole Config (`pools.0.backends.1.name`); a form knows only
// its own fields. Whatever fits no field is shown on top, never dropped. Pure.
import type { Issue } from '#shared/errors.ts';
import { entryAt, type FieldError, fieldAt, sentenceOf } from './field-errors.ts';

export type FormNoun = 'backend' | 'pool' | 'listener' | 'route';

const ROOTS: Readonly<Record<FormNoun, RegExp>> = {
  backend: /^(?:backend|pools\.\d+\.backends\.\d+)\.(.+)$/,
  pool: /^(?:pool|pools\.\d+)\.(.+)$/,
  listener: /^(?:listener|listeners\.\d+)\.(.+)$/,
  route: /^(?:route|listeners\.\d+\.routes\.\d+)\.(.+)$/,
};

export interface PlacedIssues {
  fields: FieldError[];
  general: string[];
}

export function placeIssues(issues: readonly Issue[], noun: FormNoun, values: object): PlacedIssues {
  const placed: PlacedIssues = { fields: [], general: [] };
  for (const issue of issues) {
    const inner = ROOTS[noun].exec(issue.path)?.[1];
    const path = inner === undefined ? undefined : fieldAt(values, inner);
    if (path === undefined) placed.general.push(generalText(issue));
    else {
      const message = sentenceOf(issue.message, entryAt(values, path, inner ?? ''));
      placed.fields.push({ path, message });
    }
  }
  return placed;
}

/** "Listener 2, trusted proxies 1: …": where it is in words, counted as a person does. */
function generalText({ path, message }: Issue): string {
  if (path === '') return sentenceOf(message);
  const words = path
    .replace(/\b(listener|route|pool|backend|certificate)s\.(\d+)/g, '$1.$2')
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? `#${Number(part) + 1}` : wordsOf(part)));
  const place = words.join(', ').replaceAll(', #', ' ');
  return `${place.charAt(0).toUpperCase()}${place.slice(1)}: ${sentenceOf(message)}`;
}

/** "trustedProxies" → "trusted proxies". */
function wordsOf(field: string): string {
  return field.replace(/(Ms|Bytes|Pct)$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** First message at or below `path` in react-hook-form's error tree. */
export function errorAt(errors: object, path: string): string | undefined {
  let node: unknown = errors;
  for (const segment of path.split('.')) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Record<string, unknown>)[segment];
  }
  return firstMessage(node, 0);
}

const DEEPEST = 4;

function firstMessage(node: unknown, depth: number): string | undefined {
  if (typeof node !== 'object' || node === null || depth > DEEPEST) return undefined;
  if ('message' in node && typeof node.message === 'string' && node.message !== '') return node.message;
  for (const [key, child] of Object.entries(node)) {
    // `ref` is the DOM element of the field; it leads out of the error tree.
    if (key === 'ref') continue;
    const message = firstMessage(child, depth + 1);
    if (message !== undefined) return message;
  }
  return undefined;
}
