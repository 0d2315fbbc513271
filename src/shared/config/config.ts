// Config: everything a person asked for, immutable once saved. This module is the only way from
// unknown input to a Config; it reports every problem at once, never just the first.
// Called by the app layer before anything is saved, by the file watcher, by the forms.
import { z } from 'zod';
import type { Issue } from '../errors.ts';
import { crossCheck } from './cross-check.ts';
import { ListenerConfig } from './listener.ts';
import { PoolConfig } from './pool.ts';

export const CONFIG_VERSION = 1;

export const Config = z.strictObject({
  $schema: z
    .string()
    .optional()
    .meta({ description: 'Where editors find the JSON Schema; not used by Sluice.' }),
  version: z
    .literal(CONFIG_VERSION, `must be ${CONFIG_VERSION}`)
    .meta({ description: 'Format of this file.' }),
  listeners: z.array(ListenerConfig).max(200, 'at most 200 listeners').default([]),
  pools: z.array(PoolConfig).max(500, 'at most 500 pools').default([]),
});
export type Config = z.infer<typeof Config>;
/** What a file or a caller may write: defaults may be left out. */
export type ConfigInput = z.input<typeof Config>;

export type Parsed<T> = { ok: true; value: T } | { ok: false; issues: Issue[] };

/** Checks shape, then rules between parts. Never throws; unknown fields are issues, not ignored. */
export function parseConfig(input: unknown): Parsed<Config> {
  const shape = Config.safeParse(input);
  if (!shape.success) return { ok: false, issues: issuesOf(shape.error) };
  const issues = crossCheck(shape.data);
  return issues.length === 0 ? { ok: true, value: shape.data } : { ok: false, issues };
}

/** A Config with nothing in it: what a first run starts from. */
export function emptyConfig(): Config {
  return { version: CONFIG_VERSION, listeners: [], pools: [] };
}

/** zod's issues in the contract's form: dotted path, stable code, a sentence that names the fix. */
export function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue): Issue[] => {
    const path = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: path === '' ? key : `${path}.${key}`,
        code: 'unknown-field',
        message: `"${key}" is not a field here; remove it or correct its spelling`,
      }));
    }
    if (
      issue.code === 'invalid_type' &&
      issue.input === undefined &&
      issue.message.includes('received undefined')
    ) {
      return [{ path, code: 'required', message: `is required (${issue.expected})` }];
    }
    return [{ path, code: issue.code.replaceAll('_', '-'), message: issue.message }];
  });
}
