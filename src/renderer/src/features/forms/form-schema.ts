// The bridge from what a form holds (text as typed) to what a schema accepts. Forms keep the same
// paths as the Config, so an issue of the schema or of the server names the field it belongs to.
// Pure; called by the *-values modules and the forms.
import { z } from 'zod';

/**
 * Converts a form's values, then holds them to the shared schema; issues keep the form's paths. Fields of
 * `original`, what is being edited, that the form does not show stay as they are.
 */
export function formSchema<Values extends object, Target extends z.ZodType>(
  convert: (values: Values) => unknown,
  target: Target,
  original?: object,
) {
  return z
    .custom<Values>((value) => typeof value === 'object' && value !== null)
    .transform((values): unknown => withUnshown(original, convert(values)))
    .pipe(target);
}

/** What the form says wins, also by saying `undefined`; objects of another `type` share nothing. */
function withUnshown(original: unknown, shown: unknown): unknown {
  if (!isRecord(original) || !isRecord(shown) || original.type !== shown.type) return shown;
  const merged = { ...original };
  for (const [key, value] of Object.entries(shown)) merged[key] = withUnshown(original[key], value);
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Empty means "use the default". Text that is no number is passed on, for the schema to refuse. */
export function numberFrom(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : trimmed;
}

export function textFrom(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** A list written with commas, spaces or line ends between; undefined, so the default, when empty. */
export function wordsFrom(text: string): string[] | undefined {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  return words.length === 0 ? undefined : words;
}

/** Wording for refusals the schemas leave to zod; everything else carries its own message. */
export function plainMessage(issue: {
  code?: string;
  expected?: unknown;
  input?: unknown;
}): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'is required';
  return issue.expected === 'number' || issue.expected === 'int' ? 'must be a whole number' : undefined;
}
