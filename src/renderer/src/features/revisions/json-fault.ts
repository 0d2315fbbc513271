// Finds the first place where a text stops being JSON and says what should stand there. JSON.parse knows
// it too but tells the position only in some of its messages. Pure; called for text it refused.

export interface JsonFault {
  /** Index of the first character that does not fit; the length of the text when it ends too early. */
  position: number;
  message: string;
}

type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or }' | ', or ]' | 'end';

const WORDS: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  name: 'a field name in double quotes; a comma before "}" is one too many',
  'name or }': 'a field name in double quotes or "}"',
  ':': '":"',
  ', or }': '"," or "}"',
  ', or ]': '"," or "]"',
  end: 'nothing more',
};

const SPACE = /[ \t\n\r]*/y;
const STRING = String.raw`"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const NUMBER = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const TOKEN = new RegExp(`[{}\\[\\],:]|${STRING}|${NUMBER}|true|false|null`, 'y');

/** Undefined when the text is JSON. */
export function jsonFault(text: string): JsonFault | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  for (let position = skipSpace(text, 0); ; position = skipSpace(text, TOKEN.lastIndex)) {
    if (position >= text.length) return expected === 'end' ? undefined : fault(position, expected);
    const token = tokenAt(text, position);
    const next: Expected | undefined = token === undefined ? undefined : after(token, expected, open);
    if (next === undefined) return fault(position, expected);
    expected = next;
  }
}

/** What may follow `token`; undefined when it may not stand here. Keeps `open` up to date. */
function after(token: string, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  switch (token) {
    case '{':
    case '[':
      if (expected !== 'value' && expected !== 'value or ]') return undefined;
      open.push(token);
      return token === '{' ? 'name or }' : 'value or ]';
    case '}':
    case ']':
      if (!expected.endsWith(`or ${token}`)) return undefined;
      open.pop();
      return afterValue(open);
    case ',':
      return expected === ', or }' ? 'name' : expected === ', or ]' ? 'value' : undefined;
    case ':':
      return expected === ':' ? 'value' : undefined;
    default:
      if (expected === 'value' || expected === 'value or ]') return afterValue(open);
      return expected.startsWith('name') && token.startsWith('"') ? ':' : undefined;
  }
}

function afterValue(open: readonly ('{' | '[')[]): Expected {
  const innermost = open.at(-1);
  return innermost === undefined ? 'end' : innermost === '{' ? ', or }' : ', or ]';
}

function fault(position: number, expected: Expected): JsonFault {
  return { position, message: `expected ${WORDS[expected]}` };
}

/** The token that begins there; undefined when none does. */
export function tokenAt(text: string, position: number): string | undefined {
  TOKEN.lastIndex = position;
  return TOKEN.exec(text)?.[0];
}

export function skipSpace(text: string, from: number): number {
  SPACE.lastIndex = from;
  SPACE.exec(text);
  return SPACE.lastIndex;
}
