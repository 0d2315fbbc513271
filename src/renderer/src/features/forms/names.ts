// What may be a name, and which one is free: `api-1`, `api-2`, … for backends, the bare word first for pools,
// listeners and routes. Pure; called by the forms.

/** What a form says below a name. `whose`: "backend of the pool". */
export function nameHint(whose: string): string {
  return `No other ${whose} may have it. Letters, digits, ".", "_" and "-".`;
}

/** `<stem>-<n>` with the lowest n above every number already used with that stem. */
export function freeName(stem: string, taken: Iterable<string>): string {
  const prefix = `${stem === '' ? 'backend' : stem}-`;
  let highest = 0;
  for (const name of taken) {
    if (!name.startsWith(prefix)) continue;
    const number = Number(name.slice(prefix.length));
    if (Number.isInteger(number) && number > highest) highest = number;
  }
  return `${prefix}${highest + 1}`;
}

/** For a new pool. Backends are called as their pool with a number: no pool should look like one of them. */
export function freePoolName(pools: readonly Named[]): string {
  return freeWord(
    'app',
    pools.flatMap(({ name, backends }) => [name, ...backends.map((backend) => backend.name)]),
  );
}

interface Named {
  name: string;
  backends: readonly { name: string }[];
}

/** `word` itself while it is free, else `word-2`, `word-3`, … */
export function freeWord(word: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  if (!names.has(word)) return word;
  let number = 2;
  while (names.has(`${word}-${number}`)) number += 1;
  return `${word}-${number}`;
}
