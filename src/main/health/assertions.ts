// Decides whether an HTTP answer meets a check's expectations, and says in a sentence which one it
// missed and what was there instead. Pure; called by probe-http.ts once an answer is in.
import type { HttpHealthCheck } from '#shared/config/health-check.ts';
import type { CheckCode } from './codes.ts';

/** How much of a body is read and judged. */
export const MAX_BODY_BYTES = 64 * 1024;
const MAX_EXCERPT_LENGTH = 120;

export type Expectations = Pick<HttpHealthCheck, 'expectStatus' | 'expectBody' | 'expectJson'>;

export interface HttpAnswer {
  status: number;
  body: string;
  /** The body was longer than MAX_BODY_BYTES; `body` is its beginning. */
  truncated: boolean;
  tookMs: number;
}

export interface Verdict {
  ok: boolean;
  code: CheckCode;
  detail: string;
}

export function statusExpected(expectStatus: readonly string[], status: number): boolean {
  return expectStatus.some((range) => {
    const [first, last] = range.split('-').map(Number);
    return first !== undefined && status >= first && status <= (last ?? first);
  });
}

/** The first missed expectation decides: status, then body, then JSON field. */
export function judgeAnswer(expected: Expectations, answer: HttpAnswer): Verdict {
  const { status, body } = answer;
  if (!statusExpected(expected.expectStatus, status)) {
    const wanted = expected.expectStatus.join(', ');
    const took = Math.round(answer.tookMs);
    const excerpt = body === '' ? '' : `: ${quoteExcerpt(body)}`;
    return {
      ok: false,
      code: `L7 ${status}`,
      detail: `expected status ${wanted}, got ${status} in ${took} ms${excerpt}`,
    };
  }
  if (expected.expectBody !== undefined && !body.includes(expected.expectBody)) {
    const where = answer.truncated ? `the first ${MAX_BODY_BYTES / 1024} KB of the body` : 'body';
    const got = body === '' ? 'it is empty' : `got ${quoteExcerpt(body)}`;
    return {
      ok: false,
      code: 'L7 body mismatch',
      detail: `${where} does not contain ${quoteExcerpt(expected.expectBody)}, ${got}`,
    };
  }
  const missed = expected.expectJson && missedField(expected.expectJson, answer);
  if (missed !== undefined) return { ok: false, code: 'L7 json mismatch', detail: missed };
  return { ok: true, code: `L7 ${status}`, detail: '' };
}

type ExpectedField = NonNullable<Expectations['expectJson']>;

function missedField(expected: ExpectedField, answer: HttpAnswer): string | undefined {
  const wanted = `expected ${quoteValue(expected.equals)}`;
  if (answer.truncated) {
    return `body is longer than ${MAX_BODY_BYTES / 1024} KB and was not parsed; ${wanted} in field ${expected.path}`;
  }
  const document = parseJson(answer.body);
  if (document === undefined) {
    const got = answer.body === '' ? 'it is empty' : `got ${quoteExcerpt(answer.body)}`;
    return `body is not JSON, ${got}; ${wanted} in field ${expected.path}`;
  }
  const found = fieldAt(document.value, expected.path);
  if (found === undefined) {
    return `field ${expected.path} is missing, ${wanted}, got ${quoteExcerpt(answer.body)}`;
  }
  return found === expected.equals ? undefined : `field ${expected.path} is ${quoteValue(found)}, ${wanted}`;
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Follows own fields only: a path such as `constructor.name` must not find what the body did not hold. */
function fieldAt(document: unknown, path: string): unknown {
  let value = document;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function quoteValue(value: unknown): string {
  return typeof value === 'string' ? quoteExcerpt(value) : excerpt(JSON.stringify(value) ?? 'undefined');
}

function quoteExcerpt(text: string): string {
  return `"${excerpt(text)}"`;
}

/**
 * At most 120 visible characters. What could move a cursor, hide text or reverse its direction is
 * escaped, because the result is shown in terminals and windows and comes from the backend.
 */
export function excerpt(text: string): string {
  const shown: string[] = [];
  let length = 0;
  for (const character of text.trim()) {
    const piece = escapeCharacter(character);
    if (length + piece.length >= MAX_EXCERPT_LENGTH) return `${shown.join('')}…`;
    shown.push(piece);
    length += piece.length;
  }
  return shown.join('');
}

const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

function escapeCharacter(character: string): string {
  if (!UNSAFE.test(character)) return character;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
