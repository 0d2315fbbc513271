// The line of a JSON text on which a part of it stands, as an editor counts. Pure; called for text that is
// JSON, by what names a problem of the Config in it.
import { skipSpace, tokenAt } from './json-fault.ts';

/** Positions in the text: where it begins to be told, a field with its name, and where its value begins. */
interface Place {
  mark: number;
  value: number;
}

/** `path`: dotted. Of a field that is missing: the line on which what should hold it begins. */
export function lineOf(text: string, path: string): number {
  const start = skipSpace(text, 0);
  let place: Place = { mark: start, value: start };
  for (const segment of path.split('.')) {
    const inner = find(text, place.value, segment);
    if (inner === undefined) break;
    place = inner;
  }
  return text.slice(0, place.mark).split('\n').length;
}

/** What `segment` names in the object or list that opens at `open`. */
function find(text: string, open: number, segment: string): Place | undefined {
  const isList = text[open] === '[';
  if (!isList && text[open] !== '{') return undefined;
  let at = skipSpace(text, open + 1);
  for (let index = 0; at < text.length && text[at] !== ']' && text[at] !== '}'; index++) {
    const mark = at;
    let key = String(index);
    if (!isList) {
      const name = tokenAt(text, at) ?? '""';
      key = String(JSON.parse(name));
      const colon = skipSpace(text, at + name.length);
      at = skipSpace(text, colon + 1);
    }
    if (key === segment) return { mark, value: at };
    at = endOfValue(text, at);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return undefined;
}

/** Where what follows the value begins. */
function endOfValue(text: string, from: number): number {
  let at = from;
  let depth = 0;
  do {
    const token = tokenAt(text, at);
    if (token === undefined) return text.length;
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    at = skipSpace(text, at + token.length);
  } while (depth > 0);
  return at;
}
