// Saves one thing at a time: while a save is under way, the next one waits, and what is wanted after that
// is merged into the one that waits. Invariant: two saves with the same key never overlap, and the value
// asked for last is the value saved last. Pure; called by actions.ts.

interface Waiting<V> {
  value: V;
  outcome: PromiseWithResolvers<boolean>;
}

/** `save` resolves to whether it was saved and does not reject. Those merged into one share its outcome. */
export function latestSave<V>(
  save: (key: string, value: V) => Promise<boolean>,
  merge: (older: V, newer: V) => V,
): (key: string, value: V) => Promise<boolean> {
  const underWay = new Map<string, Waiting<V> | null>();

  const run = async (key: string, value: V): Promise<boolean> => {
    underWay.set(key, null);
    const saved = await save(key, value);
    const next = underWay.get(key) ?? null;
    if (next === null) underWay.delete(key);
    else void run(key, next.value).then(next.outcome.resolve);
    return saved;
  };

  return (key, value) => {
    const waiting = underWay.get(key);
    if (waiting === undefined) return run(key, value);
    if (waiting !== null) {
      waiting.value = merge(waiting.value, value);
      return waiting.outcome.promise;
    }
    const outcome = Promise.withResolvers<boolean>();
    underWay.set(key, { value, outcome });
    return outcome.promise;
  };
}
