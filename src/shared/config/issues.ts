// Turns the schema library's findings into the contract's issues: dotted path, stable code, and a
// message a person can act on, free of type jargon. Pure. Used for configs and operation inputs.
import type { z } from 'zod';
import type { Issue } from '../errors.ts';

/** `input` is what was checked: whether a field was missing is read from it. */
export function issuesOf(error: z.ZodError, input: unknown): Issue[] {
  return error.issues.flatMap((issue) => translate(issue, input));
}

function translate(issue: z.core.$ZodIssue, input: unknown): Issue[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      code: 'unknown-field',
      message: `"${key}" is not a field here; remove it or correct its spelling`,
    }));
  }
  if (path !== '' && valueAt(input, issue.path) === undefined) {
    return [{ path, code: 'required', message: 'is required' }];
  }
  return [{ path, code: issue.code.replaceAll('_', '-'), message: messageOf(issue) }];
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Invalid input') ? `must be ${kindOf(issue.expected)}` : issue.message;
    case 'invalid_value':
      return issue.message.startsWith('Invalid') ? `must be ${anyOf(issue.values)}` : issue.message;
    case 'invalid_union':
      return unionMessage(issue);
    case 'too_big':
    case 'too_small':
    case 'invalid_format':
      return lowerFirst(issue.message);
    default:
      return issue.message;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function kindOf(expected: string): string {
  return KINDS[expected] ?? expected;
}

function anyOf(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
  return texts.length === 1 ? (texts[0] ?? '') : `one of ${texts.join(', ')}`;
}

/** A union told apart by a field names its choices; any other names the kinds it takes. */
function unionMessage(issue: z.core.$ZodIssueInvalidUnion): string {
  if ('options' in issue && Array.isArray(issue.options)) return `must be ${anyOf(issue.options)}`;
  const kinds = issue.errors.flatMap((errors) =>
    errors.flatMap((inner) => (inner.code === 'invalid_type' ? [kindOf(inner.expected)] : [])),
  );
  return kinds.length === 0 ? issue.message : `must be ${[...new Set(kinds)].join(' or ')}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
