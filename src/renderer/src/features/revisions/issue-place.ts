// Where in an imported Config a problem is, in words: which listener, pool, route by its name, and which field
// was likely meant by one that is unknown. Pure; called by the list of problems.
import { Config } from '#shared/config/config.ts';
import type { Issue } from '#shared/errors.ts';
import { fieldNames, schemaAt } from '../../lib/schema-at.ts';

const NOUNS: Readonly<Record<string, string>> = {
  listeners: 'listener',
  pools: 'pool',
  routes: 'route',
  backends: 'backend',
  certificates: 'certificate',
};

/** "listener “many”, route “e”"; what has no name is counted. Empty for what belongs to none of them. */
export function partOf(path: string, config: unknown): string {
  const said: string[] = [];
  let node = config;
  let noun: string | undefined;
  for (const segment of path.split('.')) {
    node = inside(node, segment);
    if (noun !== undefined && /^\d+$/.test(segment)) {
      const name = inside(node, 'name');
      said.push(
        typeof name === 'string' && name !== '' ? `${noun} “${name}”` : `${noun} ${Number(segment) + 1}`,
      );
    }
    noun = NOUNS[segment];
  }
  return said.join(', ');
}

function inside(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, key)
    ? Reflect.get(node, key)
    : undefined;
}

/** The field that an unknown one is likely a wrong spelling of; undefined where none is near. */
export function meantField({ path, code }: Pick<Issue, 'path' | 'code'>): string | undefined {
  if (code !== 'unknown-field') return undefined;
  const segments = path.split('.');
  const typed = segments.pop()?.toLowerCase() ?? '';
  const holder = segments.length === 0 ? Config : schemaAt(Config, segments.join('.'));
  const names = holder === undefined ? [] : fieldNames(holder);
  const slips = names.map((name) => differences(name.toLowerCase(), typed));
  const fewest = Math.min(...slips);
  if (fewest <= typed.length / LETTERS_PER_SLIP) {
    const nearest = names.filter((_, i) => slips[i] === fewest);
    // Two that are equally near: neither is likelier.
    return nearest.length === 1 ? nearest[0] : undefined;
  }
  return (
    names.find((name) => typed.length >= LETTERS_PER_SLIP && name.toLowerCase().includes(typed)) ??
    names.find((name) => name.length >= LETTERS_PER_SLIP && typed.startsWith(name.toLowerCase()))
  );
}

/** In a shorter word a slip leaves too little to know it by. */
const LETTERS_PER_SLIP = 3;

/** Letters to put in, take out or replace to make one of the other (Levenshtein's distance). */
function differences(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const [left = 0, up = 0, corner = 0] = [next[j], row[j + 1], row[j]];
      next.push(Math.min(left + 1, up + 1, corner + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
