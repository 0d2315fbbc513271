// Holds what a form contains to its schema, for react-hook-form: the typed result, or a sentence at each
// field that was refused. Used by every form.
import { toNestErrors } from '@hookform/resolvers';
import type { FieldErrors, FieldValues, Resolver } from 'react-hook-form';
import type { z } from 'zod';
import { fieldErrors } from './field-errors.ts';
import { plainMessage } from './form-schema.ts';

export function formResolver<Values extends FieldValues, Output>(
  schema: z.ZodType<Output, Values>,
): Resolver<Values, unknown, Output> {
  return (values, _context, options) => {
    const parsed = schema.safeParse(values, { error: plainMessage });
    if (parsed.success) return { values: parsed.data, errors: {} };
    const errors = Object.fromEntries(
      fieldErrors(parsed.error, schema, values).map(({ path, message }) => [
        path,
        { type: 'schema', message },
      ]),
    ) as FieldErrors;
    return { values: {}, errors: toNestErrors<Values>(errors, options) };
  };
}
