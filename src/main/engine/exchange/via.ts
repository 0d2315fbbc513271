// Recognises a request that has been through this listener before, by its own name in Via, so that a
// loop of proxies ends at its second turn. Called by admission.ts.
import { equalsIgnoringCase } from '../http1/head-fields.ts';

/** Whether one of a message's Via fields names `pseudonym`: it has been here before. RFC 9110 §7.6.3. */
export function passedBefore(
  names: readonly string[],
  values: readonly string[],
  pseudonym: string,
): boolean {
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    if (name.length === 3 && equalsIgnoringCase(name, 'via') && viaNames(values[index]!, pseudonym))
      return true;
  }
  return false;
}

/** Each element of Via is a protocol, a name and at most a comment, which may hold anything. */
function viaNames(value: string, pseudonym: string): boolean {
  if (!value.includes(pseudonym)) return false;
  return withoutComments(value)
    .split(',')
    .some((element) => element.trim().split(/[ \t]+/)[1] === pseudonym);
}

function withoutComments(value: string): string {
  let text = '';
  let depth = 0;
  for (let at = 0; at < value.length; at++) {
    const character = value[at]!;
    if (character === '(') depth++;
    else if (character === ')' && depth > 0) depth--;
    else if (depth > 0 && character === '\\') at++;
    else if (depth === 0) text += character;
  }
  return text;
}
