// What an edit comes to before anything is saved: the whole Config it makes or every reason against it,
// told on the fields of the caller's input; whether it changes anything; which drains and disables made
// by hand it overrules. Pure; called by configuration.ts.
import type { BackendRef } from '#shared/backend-ref.ts';
import { type Config, parseConfig } from '#shared/config/config.ts';
import { AppError, type Issue, summarize } from '#shared/errors.ts';
import type { Edit, Rename } from './edits.ts';

/** Valid, defaults filled in; throws `invalid` with every issue. */
export function editedConfig(edit: Edit): Config {
  const parsed = parseConfig(edit.config);
  if (parsed.ok) return parsed.value;
  const issues = edit.landed ? issuesOfInput(edit.config, edit.landed) : parsed.issues;
  throw new AppError('invalid', summarize(issues), issues);
}

/** Throws `invalid` when something is wrong with what the edit brought. */
export function refuseOnInput(issues: readonly Issue[], landed: Landed): void {
  if (issues.length === 0) return;
  const relocated = issues.map((issue) => relocate(issue, landed) ?? issue);
  throw new AppError('invalid', summarize(relocated), relocated);
}

export function isSameConfig(a: Config, b: Config): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Backends, by their new names, whose `state` the new Config says differently: the newer word of the person wins. */
export function overruledIntents(before: Config, after: Config, renames: readonly Rename[]): BackendRef[] {
  return after.pools.flatMap((pool) => {
    const renamed = renames.find((rename) => rename.to.pool === pool.name && rename.to.backend === undefined);
    const oldPool = before.pools.find((other) => other.name === (renamed?.from.pool ?? pool.name));
    return pool.backends
      .filter(({ name, state }) => {
        const moved = renames.find((rename) => rename.to.pool === pool.name && rename.to.backend === name);
        const old = oldPool?.backends.find((other) => other.name === (moved?.from.backend ?? name));
        return old !== undefined && old.state !== state;
      })
      .map((backend) => ({ pool: pool.name, backend: backend.name }));
  });
}

type Landed = NonNullable<Edit['landed']>;

/**
 * The issues of an edited Config on the fields of the caller's input. Of two parts that clash, the
 * cross-check blames the later one; with the edited part moved to the end of its list, that is it.
 */
function issuesOfInput(config: Config, landed: Landed): Issue[] {
  const moved = structuredClone(config);
  const path = landed.at.split('.');
  const index = Number(path.pop());
  const list = path.reduce<unknown>(
    (node, key) => (node as Record<string, unknown>)[key],
    moved,
  ) as unknown[];
  list.push(...list.splice(index, 1));
  const at = [...path, list.length - 1].join('.');
  const parsed = parseConfig(moved);
  if (parsed.ok) return [];
  return parsed.issues.map((issue) => relocate(issue, { at, as: landed.as }) ?? putBack(issue, path, index));
}

/** Undefined: the issue is about another part. */
function relocate(issue: Issue, landed: Landed): Issue | undefined {
  if (issue.path === landed.at) return { ...issue, path: landed.as };
  if (!issue.path.startsWith(`${landed.at}.`)) return undefined;
  return { ...issue, path: `${landed.as}${issue.path.slice(landed.at.length)}` };
}

/** Parts behind the one at `index` of the list at `path` had moved up by one. */
function putBack(issue: Issue, path: readonly string[], index: number): Issue {
  const keys = issue.path.split('.');
  const position = Number(keys[path.length]);
  const isInList = path.every((key, i) => keys[i] === key) && Number.isInteger(position);
  if (!isInList || position < index) return issue;
  return { ...issue, path: keys.with(path.length, `${position + 1}`).join('.') };
}
