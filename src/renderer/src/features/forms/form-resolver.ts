// Holds what a form contains to its schema and to the rules between its fields, for react-hook-form: the
// typed result, or a sentence at each field that was refused. Every rule is asked however many others were
// broken, so that one save names everything. Used by every form.
import { toNestErrors } from '@hookform/resolvers';
import type { FieldErrors, FieldValues, Resolver } from 'react-hook-form';
import type { z } from 'zod';
import { type FieldError, fieldErrors } from './field-errors.ts';
import { plainMessage } from './form-schema.ts';

/** `misfits`: what does not fit together in values that may be wrong by themselves. */
export function formResolver<Values extends FieldValues, Output>(
  schema: z.ZodType<Output, Values>,
  misfits: (values: Values) => readonly FieldError[] = () => [],
): Resolver<Values, unknown, Output> {
  return (values, _context, options) => {
    const parsed = schema.safeParse(values, { error: plainMessage });
    // What is wrong by itself comes last and so has the word at its field.
    const wrong = [...misfits(values), ...(parsed.success ? [] : fieldErrors(parsed.error, schema, values))];
    if (parsed.success && wrong.length === 0) return { values: parsed.data, errors: {} };
    const errors = Object.fromEntries(
      wrong.map(({ path, message }) => [path, { type: 'schema', message }]),
    ) as FieldErrors;
    return { values: {}, errors: toNestErrors<Values>(errors, options) };
  };
}
