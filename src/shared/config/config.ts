// Config: everything a person asked for, immutable once saved. This module is the only way from
// unknown input to a Config; it reports every problem at once, never just the first.
// Called by the app layer before anything is saved, by the file watcher, by the forms.
import { z } from 'zod';
import type { Issue } from '../errors.ts';
import { crossCheck } from './cross-check.ts';
import { TcpHealthCheck } from './health-check.ts';
import { issuesOf } from './issues.ts';
import { ListenerConfig } from './listener.ts';
import { outlineOf } from './outline.ts';
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

/** The defaults a check's times have when they are left out. */
const CHECK_TIMES = TcpHealthCheck.pick({ intervalMs: true, timeoutMs: true }).parse({});

/** Checks the shape and the rules between parts. Never throws; unknown fields are issues, not ignored. */
export function parseConfig(input: unknown): Parsed<Config> {
  const shape = Config.safeParse(input);
  const between = crossCheck(outlineOf(input, CHECK_TIMES));
  if (shape.success && between.length === 0) return { ok: true, value: shape.data };
  const wrong = shape.success ? [] : issuesOf(shape.error, input);
  const said = new Set(wrong.map((issue) => issue.path));
  return { ok: false, issues: [...wrong, ...between.filter((issue) => !said.has(issue.path))] };
}

/** A Config with nothing in it: what a first run starts from. */
export function emptyConfig(): Config {
  return { version: CONFIG_VERSION, listeners: [], pools: [] };
}
