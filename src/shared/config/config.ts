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

const CONFIG_VERSION = 1;

export const Config = z.strictObject({
  $schema: z
    .string()
    .optional()
    .meta({ description: 'Where editors find the JSON Schema; not used by Sluice.' }),
  version: z
    .literal(CONFIG_VERSION, `must be ${CONFIG_VERSION}`)
    .meta({ description: 'Format of this file.' }),
  engine: z
    .strictObject({
      workers: z.int().min(1).max(64).default(1).meta({
        description:
          'Threads that carry traffic. More than one needs Linux; elsewhere one is used and a notice says so.',
      }),
    })
    .prefault({})
    .meta({ description: 'How Sluice uses this machine.' }),
  listeners: z
    .array(ListenerConfig)
    .max(200, 'at most 200 listeners')
    .default([])
    .meta({ description: 'Ports that accept connections, each with the routes of its requests.' }),
  pools: z
    .array(PoolConfig)
    .max(500, 'at most 500 pools')
    .default([])
    .meta({ description: 'Sets of backends that serve the same thing; routes name them.' }),
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
  const between = issuesBetween(input);
  if (shape.success && between.length === 0) return { ok: true, value: shape.data };
  const wrong = shape.success ? [] : issuesOf(shape.error, input);
  const said = new Set(wrong.map((issue) => issue.path));
  return { ok: false, issues: [...wrong, ...between.filter((issue) => !said.has(issue.path))] };
}

/** Only the rules between parts, of input that may be wrong anywhere else: a form asks it of what it edits. */
export function issuesBetween(input: unknown): Issue[] {
  return crossCheck(outlineOf(input, CHECK_TIMES));
}

/**
 * A Config that was valid when it was saved. The rules between parts may have become stricter since:
 * they meet it at its next change, and never keep it from running.
 */
export function parseSaved(input: unknown): Parsed<Config> {
  const shape = Config.safeParse(input);
  return shape.success
    ? { ok: true, value: shape.data }
    : { ok: false, issues: issuesOf(shape.error, input) };
}

/** A Config with nothing in it: what a first run starts from. */
export function emptyConfig(): Config {
  return { version: CONFIG_VERSION, engine: { workers: 1 }, listeners: [], pools: [] };
}
