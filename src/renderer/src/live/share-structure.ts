// Keeps identity where content is equal, so that a component that shows one backend renders only when
// that backend changed although a whole Status arrives every second. Pure; called by the reducer.

/** `next`, with every part that deep-equals its counterpart in `previous` replaced by that counterpart. */
export function shareStructure<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (Array.isArray(next)) return shareArray(previous, next) as T;
  if (isPlain(next)) return shareObject(previous, next) as T;
  return next;
}

function shareArray(previous: unknown, next: readonly unknown[]): readonly unknown[] {
  if (!Array.isArray(previous)) return next;
  let same = previous.length === next.length;
  const shared = next.map((item, i) => {
    const part = shareStructure(previous[i], item);
    if (part !== previous[i]) same = false;
    return part;
  });
  return same ? previous : shared;
}

function shareObject(previous: unknown, next: Record<string, unknown>): Record<string, unknown> {
  if (!isPlain(previous)) return next;
  const keys = Object.keys(next);
  let same = keys.length === Object.keys(previous).length;
  const shared: Record<string, unknown> = {};
  for (const key of keys) {
    shared[key] = shareStructure(previous[key], next[key]);
    if (shared[key] !== previous[key] || !Object.hasOwn(previous, key)) same = false;
  }
  return same ? previous : shared;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
