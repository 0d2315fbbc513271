// Where the issues of an edited config are told: on the fields of the caller, or where they are in the config.
import { describe, expect, it } from 'vitest';
import { parseSaved } from '#shared/config/config.ts';
import { AppError } from '#shared/errors.ts';
import { editedConfig } from '../../../src/main/app/edit-outcome.ts';
import * as edits from '../../../src/main/app/edits.ts';

/** Three listeners; one of them is saved with a path that was accepted once. */
function saved(broken: number) {
  const pathPrefix = (i: number) => (i === broken ? '/a?b' : '/');
  const parsed = parseSaved({
    version: 1,
    pools: [{ name: 'api' }],
    listeners: [0, 1, 2].map((i) => ({
      name: `l${i}`,
      port: 8081 + i,
      routes: [{ name: 'r', match: { pathPrefix: pathPrefix(i) }, pool: 'api' }],
    })),
  });
  if (!parsed.ok) throw new Error('the config cannot be read');
  return parsed.value;
}

function pathsOf(edit: () => unknown): string[] {
  try {
    edit();
    return [];
  } catch (error) {
    return error instanceof AppError
      ? (error.toWire().issues ?? []).map(({ path }) => path)
      : [String(error)];
  }
}

describe('an issue of an edited config', () => {
  it.each([
    { edited: 0, broken: 0, path: 'listener.routes.0.match.pathPrefix' },
    { edited: 0, broken: 1, path: 'listeners.1.routes.0.match.pathPrefix' },
    { edited: 1, broken: 2, path: 'listeners.2.routes.0.match.pathPrefix' },
    { edited: 1, broken: 0, path: 'listeners.0.routes.0.match.pathPrefix' },
  ])('is told at $path when listener $edited is edited and $broken is wrong', ({ edited, broken, path }) => {
    const config = saved(broken);
    const listener = config.listeners[edited];
    if (listener === undefined) throw new Error('no such listener');
    const edit = () => editedConfig(edits.updateListener(config, listener.name, { ...listener, port: 9000 }));
    expect(pathsOf(edit)).toEqual([path]);
  });
});
