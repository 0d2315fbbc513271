// Says in sentences what one Config changes against another, for the revision list and the markers
// on the time axis, in the words of terms.ts. A rename is one sentence; what it moved or touched is not
// told apart from it. Pure.
// Called by configuration.ts for every revision, by edit-operations.ts for two Configs to compare.
import type { BackendConfig } from '#shared/config/backend.ts';
import type { Config } from '#shared/config/config.ts';
import type { ListenerConfig } from '#shared/config/listener.ts';
import type { PoolConfig } from '#shared/config/pool.ts';
import { type Noun, termOf } from '#shared/config/terms.ts';
import { changeText, isOtherKind, isPlain } from './change-values.ts';
import type { Rename } from './edits.ts';

export function describeChanges(before: Config, after: Config, renames: readonly Rename[] = []): string[] {
  const renamed = renames.reduce(withNewName, before);
  return [...renames.map(describeRename), ...describeRest(renamed, after)];
}

function describeRename({ from, to }: Rename): string {
  if (from.backend === undefined) return `rename pool ${from.pool} to ${to.pool}`;
  return `rename backend ${from.pool}/${from.backend} to ${to.pool}/${to.backend}`;
}

/** The Config as it would be with nothing but the new name, so that the rest can be compared by name. */
function withNewName(config: Config, { from, to }: Rename): Config {
  const { listeners, pools } = config;
  return {
    ...config,
    listeners: listeners.map((listener) => ({
      ...listener,
      routes: listener.routes.map((route) =>
        route.pool === from.pool ? { ...route, pool: to.pool } : route,
      ),
    })),
    pools: pools.map((pool) => {
      if (pool.name !== from.pool) return pool;
      const backends = pool.backends.map((backend) =>
        backend.name === from.backend ? { ...backend, name: to.backend ?? backend.name } : backend,
      );
      return { ...pool, name: to.pool, backends };
    }),
  };
}

function describeRest(before: Config, after: Config): string[] {
  return [
    ...describeFields({ noun: 'engine', of: '' }, before.engine, after.engine),
    ...compare(
      before.listeners,
      after.listeners,
      'listeners',
      (listener) => `listener ${listener.name}`,
      describeListener,
    ),
    ...compare(before.pools, after.pools, 'pools', (pool) => `pool ${pool.name}`, describePool),
  ];
}

/** Added, removed and changed items of a named list, plus one sentence when those that stay change their order. */
function compare<T extends { name: string }>(
  before: readonly T[],
  after: readonly T[],
  all: string,
  label: (item: T) => string,
  describe: (before: T, after: T) => string[],
): string[] {
  const old = new Map(before.map((item) => [item.name, item]));
  const now = new Set(after.map((item) => item.name));
  const sentences: string[] = [];
  for (const item of after) {
    const previous = old.get(item.name);
    sentences.push(...(previous ? describe(previous, item) : [`add ${label(item)}`]));
  }
  for (const item of before) if (!now.has(item.name)) sentences.push(`remove ${label(item)}`);
  const stayed = after.filter(({ name }) => old.has(name));
  const once = before.filter(({ name }) => now.has(name));
  if (stayed.some(({ name }, i) => name !== once[i]?.name)) sentences.push(`reorder ${all}`);
  return sentences;
}

function describeListener(before: ListenerConfig, after: ListenerConfig): string[] {
  const { routes: oldRoutes, ...oldRest } = before;
  const { routes: newRoutes, ...newRest } = after;
  return [
    ...describeFields({ noun: 'listener', of: ` of listener ${after.name}` }, oldRest, newRest),
    ...describeCertificates(before, after),
    ...compare(
      oldRoutes,
      newRoutes,
      `routes of listener ${after.name}`,
      (route) => `route ${after.name}/${route.name}`,
      (a, b) => describeFields({ noun: 'route', of: ` of route ${after.name}/${b.name}` }, a, b),
    ),
  ];
}

/** A listener that begins or ceases to be encrypted says that as a whole. */
function describeCertificates(before: ListenerConfig, after: ListenerConfig): string[] {
  if (!before.tls || !after.tls) return [];
  return compare(
    before.tls.certificates,
    after.tls.certificates,
    `certificates of listener ${after.name}`,
    ({ name }) => `certificate ${after.name}/${name}`,
    (a, b) => describeFields({ noun: 'certificate', of: ` of certificate ${after.name}/${b.name}` }, a, b),
  );
}

function describePool(before: PoolConfig, after: PoolConfig): string[] {
  const { backends: oldBackends, ...oldRest } = before;
  const { backends: newBackends, ...newRest } = after;
  return [
    ...describeFields({ noun: 'pool', of: ` of pool ${after.name}` }, oldRest, newRest),
    ...compare(
      oldBackends,
      newBackends,
      `backends of pool ${after.name}`,
      (backend) => `backend ${after.name}/${backend.name}`,
      (a, b) => describeBackend(after.name, a, b),
    ),
  ];
}

function describeBackend(pool: string, before: BackendConfig, after: BackendConfig): string[] {
  return describeFields({ noun: 'backend', of: ` of ${pool}/${after.name}` }, before, after);
}

interface Subject {
  noun: Noun;
  /** How a sentence goes on after the field. */
  of: string;
}

/** "weight of api/api-3: 5 → 10"; a part is followed to the field that differs, certificates apart. */
function describeFields(subject: Subject, before: object, after: object, prefix = ''): string[] {
  const { noun, of } = subject;
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key): string[] => {
    const a = (before as Record<string, unknown>)[key];
    const b = (after as Record<string, unknown>)[key];
    if (JSON.stringify(a) === JSON.stringify(b)) return [];
    const path = `${prefix}${key}`;
    if (noun === 'listener' && path === 'tls.certificates') return [];
    if (isPlain(a) && isPlain(b) && !isOtherKind(a, b)) return describeFields(subject, a, b, `${path}.`);
    return [`${termOf(noun, path)}${of}: ${changeText(noun, path, a, b)}`];
  });
}
