// Finds the part of a schema that a dotted path leads to, for what is said about a value there: its bounds, or
// which fields there are. Pure; called by the forms and by the import of a config.
import { z } from 'zod';

/** The schema of what `path` leads to; of a union the first choice that has it. */
export function schemaAt(schema: z.ZodType, path: string): z.ZodType | undefined {
  return path.split('.').reduce<z.ZodType | undefined>((at, key) => at && child(bare(at), key), schema);
}

/** The names of the fields of an object; of a union those of every choice. Empty for anything else. */
export function fieldNames(schema: z.ZodType): string[] {
  const whole = bare(schema);
  if (whole instanceof z.ZodObject) return Object.keys(whole.shape);
  if (!(whole instanceof z.ZodUnion)) return [];
  return [...new Set((whole.options as readonly z.ZodType[]).flatMap(fieldNames))];
}

function child(schema: z.ZodType, key: string): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) {
    const inner: unknown = Reflect.get(schema.shape, key);
    return inner instanceof z.ZodType ? bare(inner) : undefined;
  }
  if (schema instanceof z.ZodArray) return bare(schema.element as z.ZodType);
  if (!(schema instanceof z.ZodUnion)) return undefined;
  for (const option of schema.options as readonly z.ZodType[]) {
    const inner = child(bare(option), key);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Without what only says when it may be left out, or what was done before. */
function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) return bare(schema.out as z.ZodType);
  const wraps =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wraps ? bare(schema.unwrap() as z.ZodType) : schema;
}
