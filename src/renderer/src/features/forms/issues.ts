// Puts what the core refused beside the field it is about. The core names paths from the operation's
// input (`backend.address`) or from the whole Config (`pools.0.backends.1.name`); a form knows only
// its own fields. Whatever fits no field is shown on top, never dropped. Pure.
import type { Issue } from '#shared/errors.ts';

export type FormNoun = 'backend' | 'pool' | 'listener' | 'route';

const ROOTS: Readonly<Record<FormNoun, RegExp>> = {
  backend: /^(?:backend|pools\.\d+\.backends\.\d+)\.(.+)$/,
  pool: /^(?:pool|pools\.\d+)\.(.+)$/,
  listener: /^(?:listener|listeners\.\d+)\.(.+)$/,
  route: /^(?:route|listeners\.\d+\.routes\.\d+)\.(.+)$/,
};

export interface PlacedIssues {
  fields: { path: string; message: string }[];
  general: string[];
}

export function placeIssues(issues: readonly Issue[], noun: FormNoun, values: object): PlacedIssues {
  const placed: PlacedIssues = { fields: [], general: [] };
  for (const issue of issues) {
    const inner = ROOTS[noun].exec(issue.path)?.[1];
    const path = inner === undefined ? undefined : fieldAt(values, inner);
    if (path === undefined)
      placed.general.push(issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`);
    else placed.fields.push({ path, message: issue.message });
  }
  return placed;
}

/** The field of `values` that holds `path`; a deeper path (an item of a typed list) belongs to its field. */
function fieldAt(values: object, path: string): string | undefined {
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
