// What an answer is judged by, and the sentence a person reads when it misses.
import { describe, expect, it } from 'vitest';
import {
  type Expectations,
  excerpt,
  judgeAnswer,
  statusExpected,
} from '../../../src/main/health/assertions.ts';

const JSON_OK: Expectations = { expectStatus: ['200'], expectJson: { path: 'status', equals: 'ok' } };

function verdict(expected: Expectations, status: number, body: string, truncated = false) {
  const { code, detail } = judgeAnswer(expected, { status, body, truncated, tookMs: 211.4 });
  return [code, detail];
}

describe('expected statuses', () => {
  it.each([
    [['200'], 200, true],
    [['200'], 201, false],
    [['200-399'], 200, true],
    [['200-399'], 399, true],
    [['200-399'], 400, false],
    [['200', '418', '500-502'], 418, true],
    [['200', '418', '500-502'], 503, false],
  ])('%j and %i: %s', (ranges, status, expected) => {
    expect(statusExpected(ranges, status)).toBe(expected);
  });
});

describe('judging an answer', () => {
  it('says nothing about an answer that meets every expectation', () => {
    const expected = {
      expectStatus: ['200-399'],
      expectBody: 'ready',
      expectJson: { path: 'db.up', equals: true },
    };
    expect(verdict(expected, 204, '{"db":{"up":true},"is":"ready"}')).toEqual(['L7 204', '']);
  });

  it.each<[string, Expectations, number, string, string, string]>([
    [
      'a wrong status',
      { expectStatus: ['200-399'] },
      503,
      '',
      'L7 503',
      'expected status 200-399, got 503 in 211 ms',
    ],
    [
      'a wrong status with an explanation in the body',
      { expectStatus: ['200', '204'] },
      500,
      'no database\n',
      'L7 500',
      'expected status 200, 204, got 500 in 211 ms: "no database"',
    ],
    [
      'a missing text',
      { expectStatus: ['200'], expectBody: 'pong' },
      200,
      'ping',
      'L7 body mismatch',
      'body does not contain "pong", got "ping"',
    ],
    [
      'a text missing from an empty body',
      { expectStatus: ['200'], expectBody: 'pong' },
      200,
      '',
      'L7 body mismatch',
      'body does not contain "pong", it is empty',
    ],
    [
      'a wrong field',
      JSON_OK,
      200,
      '{"status":"degraded"}',
      'L7 json mismatch',
      'field status is "degraded", expected "ok"',
    ],
    [
      'a field of another type',
      JSON_OK,
      200,
      '{"status":{"a":1}}',
      'L7 json mismatch',
      'field status is {"a":1}, expected "ok"',
    ],
    [
      'a missing field',
      JSON_OK,
      200,
      '{"state":"ok"}',
      'L7 json mismatch',
      'field status is missing, expected "ok", got "{"state":"ok"}"',
    ],
    [
      'what is not JSON',
      JSON_OK,
      200,
      '<html>',
      'L7 json mismatch',
      'body is not JSON, got "<html>"; expected "ok" in field status',
    ],
    [
      'a field only objects have by nature',
      { expectStatus: ['200'], expectJson: { path: 'constructor.name', equals: 'Object' } },
      200,
      '{}',
      'L7 json mismatch',
      'field constructor.name is missing, expected "Object", got "{}"',
    ],
  ])('names %s', (_name, expected, status, body, code, detail) => {
    expect(verdict(expected, status, body)).toEqual([code, detail]);
  });

  it.each([
    ['ok', '{"a":{"b":"ok"}}'],
    [null, '{"a":{"b":null}}'],
    [3, '{"a":{"b":3}}'],
    [false, '{"a":{"b":false}}'],
  ])('accepts the field value %j', (equals, body) => {
    expect(verdict({ expectStatus: ['200'], expectJson: { path: 'a.b', equals } }, 200, body)).toEqual([
      'L7 200',
      '',
    ]);
  });

  it('reaches into arrays by position', () => {
    const expected = { expectStatus: ['200'], expectJson: { path: 'checks.1.ok', equals: true } };
    expect(verdict(expected, 200, '{"checks":[{"ok":false},{"ok":true}]}')).toEqual(['L7 200', '']);
  });

  it('does not parse half a document', () => {
    expect(verdict(JSON_OK, 200, '{"status":"ok","rest":"', true)).toEqual([
      'L7 json mismatch',
      'body is longer than 64 KB and was not parsed; expected "ok" in field status',
    ]);
  });
});

describe('an excerpt', () => {
  it.each([
    ['escapes what moves the cursor', 'a\nb\tc\u001b[31m\u0000', 'a\\nb\\tc\\x1b[31m\\x00'],
    ['escapes what reverses or hides text', 'a\u202eb\u200bc', 'a\\u202eb\\u200bc'],
    ['keeps letters of any language', 'größe 漢字 🙂', 'größe 漢字 🙂'],
    ['is cut at 120', 'x'.repeat(500), `${'x'.repeat(119)}…`],
    ['is not cut within an escape', `${'x'.repeat(118)}\n${'x'.repeat(50)}`, `${'x'.repeat(118)}…`],
  ])('%s', (_name, text, expected) => {
    expect(excerpt(text)).toBe(expected);
    expect(excerpt(text).length).toBeLessThanOrEqual(120);
  });
});
