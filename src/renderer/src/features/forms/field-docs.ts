// What a form says about a field: the meaning and the default its schema carries. The schemas are the
// only source, so a form cannot drift from the reference documentation. Pure; called by the forms.
import { z } from 'zod';

export interface FieldDoc {
  hint: string | undefined;
  /** The default as a person would type it; undefined when the field has none. */
  defaultText: string | undefined;
}

export function fieldDoc(schema: z.ZodType): FieldDoc {
  return { hint: schema.meta()?.description, defaultText: defaultText(schema) };
}

/** Meaning and default in one line: "Idle … closed after this long, ms. Default 30000." */
export function hintOf(schema: z.ZodType): string | undefined {
  const { hint, defaultText: text } = fieldDoc(schema);
  if (text === undefined) return hint;
  return hint === undefined ? `Default ${text}.` : `${hint} Default ${text}.`;
}

function defaultText(schema: z.ZodType): string | undefined {
  if (!(schema instanceof z.ZodDefault)) return undefined;
  const value: unknown = schema.def.defaultValue;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? undefined : String(value);
}
