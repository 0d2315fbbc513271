// The operations that read and change the Config, by whatever keeps it. They hold the rules that are
// theirs alone: which edit an operation makes, what a stale base is told, what a rollback is called.
// Called by operations.ts.
import { type Config, parseConfig } from '#shared/config/config.ts';
import type { OperationName } from '#shared/contract.ts';
import { AppError, summarize } from '#shared/errors.ts';
import type { Caller, Handlers } from '#shared/rpc/serve.ts';
import { describeChanges } from './changes.ts';
import type { Configuration } from './configuration.ts';
import * as edits from './edits.ts';

/** What keeps the Config, as far as these operations need it. */
export type ConfigKeeper = Pick<Configuration, 'current' | 'at' | 'edit' | 'adminOf' | 'setState'>;

type Group<Names extends string> = Pick<Handlers, Extract<OperationName, Names>>;

export function editOperations(
  keeper: ConfigKeeper,
): Group<
  | `${'config' | 'listeners' | 'routes' | 'pools' | 'backends'}.${string}`
  | 'revisions.compare'
  | 'revisions.rollback'
> {
  return {
    ...configOperations(keeper),
    ...listenerOperations(keeper),
    ...poolOperations(keeper),
    ...backendOperations(keeper),
  };
}

/** Makes an edit of the newest Config, in the caller's name. */
function editor(keeper: ConfigKeeper) {
  return (make: (config: Config) => edits.Edit, caller: Caller, note = '') =>
    keeper.edit(make, caller.author, note);
}

function configOperations(
  keeper: ConfigKeeper,
): Group<`config.${string}` | 'revisions.compare' | 'revisions.rollback'> {
  const edit = editor(keeper);
  return {
    'config.get': ({ revision }) => {
      const current = keeper.current();
      return revision === undefined ? current : { revision, config: keeper.at(revision) };
    },
    'config.validate': ({ config }) => {
      const parsed = parseConfig(config);
      return parsed.ok ? { valid: true, issues: [] } : { valid: false, issues: parsed.issues };
    },
    'config.apply': ({ config, note, baseRevision }, caller) => {
      const { revision } = keeper.current();
      if (baseRevision !== undefined && baseRevision !== revision) {
        throw new AppError(
          'conflict',
          `the config is at r${revision}, not r${baseRevision}: another change came first; load it and apply again`,
        );
      }
      const valid = validConfig(config);
      return edit(() => ({ config: valid }), caller, note);
    },
    'config.export': () => exportConfig(keeper),
    'revisions.compare': ({ from, to, config }) => ({
      changes: describeChanges(keeper.at(from), to === undefined ? validConfig(config) : keeper.at(to)),
    }),
    'revisions.rollback': ({ revision }, caller) => {
      const config = keeper.at(revision);
      return edit(() => ({ config }), caller, `back to r${revision}`);
    },
  };
}

/** Throws `invalid` with every issue. */
function validConfig(input: unknown): Config {
  const parsed = parseConfig(input);
  if (!parsed.ok) throw new AppError('invalid', summarize(parsed.issues), parsed.issues);
  return parsed.value;
}

function listenerOperations(keeper: ConfigKeeper): Group<`${'listeners' | 'routes'}.${string}`> {
  const edit = editor(keeper);
  return {
    'listeners.add': ({ listener }, caller) => edit((config) => edits.addListener(config, listener), caller),
    'listeners.update': ({ name, listener }, caller) =>
      edit((config) => edits.updateListener(config, name, listener), caller),
    'listeners.remove': ({ name }, caller) => edit((config) => edits.removeListener(config, name), caller),

    'routes.add': ({ listener, route, index }, caller) =>
      edit((config) => edits.addRoute(config, listener, route, index), caller),
    'routes.update': ({ listener, name, route, index }, caller) =>
      edit((config) => edits.updateRoute(config, listener, name, route, index), caller),
    'routes.remove': ({ listener, name }, caller) =>
      edit((config) => edits.removeRoute(config, listener, name), caller),
  };
}

function poolOperations(keeper: ConfigKeeper): Group<`pools.${string}`> {
  const edit = editor(keeper);
  return {
    'pools.add': ({ pool }, caller) => edit((config) => edits.addPool(config, pool), caller),
    'pools.update': ({ name, pool }, caller) =>
      edit((config) => edits.updatePool(config, name, pool), caller),
    'pools.remove': ({ name }, caller) => edit((config) => edits.removePool(config, name), caller),
  };
}

function backendOperations(keeper: ConfigKeeper): Group<`backends.${string}`> {
  const edit = editor(keeper);
  return {
    'backends.add': ({ pool, backend }, caller) =>
      edit((config) => edits.addBackend(config, pool, backend), caller),
    'backends.update': ({ pool, name, backend }, caller) =>
      edit((config) => edits.updateBackend(config, pool, name, backend), caller),
    'backends.remove': ({ pool, backend }, caller) =>
      edit((config) => edits.removeBackend(config, pool, backend), caller),
    'backends.setState': async ({ pool, backend, state }, caller) => ({
      previous: await keeper.setState(pool, backend, state, caller.author),
      state,
    }),
    'backends.setWeight': async ({ pool, backend, weight }, caller) => {
      const previous = edits.findBackend(keeper.current().config, pool, backend).weight;
      const saved = await edit((config) => edits.setWeight(config, pool, backend, weight), caller);
      return { ...saved, previous };
    },
  };
}

/** The file form carries drains and disables made at run time, so importing it elsewhere runs the same. */
function exportConfig(keeper: ConfigKeeper): { revision: number; text: string } {
  const { revision, config } = keeper.current();
  const pools = config.pools.map((pool) => ({
    ...pool,
    backends: pool.backends.map((backend) => ({ ...backend, state: keeper.adminOf(pool.name, backend) })),
  }));
  return { revision, text: `${JSON.stringify({ ...config, pools }, null, 2)}\n` };
}
