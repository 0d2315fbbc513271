import { describe, expect, it } from 'vitest';
import type { RevisionSummary } from '#shared/contract.ts';
import { describeConfig } from '../../../../src/renderer/src/features/revisions/config-size.ts';
import { jsonFault } from '../../../../src/renderer/src/features/revisions/json-fault.ts';
import { mergeRevisions } from '../../../../src/renderer/src/features/revisions/merge-revisions.ts';
import { readJson } from '../../../../src/renderer/src/features/revisions/read-json.ts';

describe('readJson', () => {
  it.each([
    ['{ "a": [1] }', { kind: 'value', value: { a: [1] } }],
    ['null', { kind: 'value', value: null }],
    [' \n ', { kind: 'empty' }],
  ])('reads %j', (text, expected) => {
    expect(readJson(text)).toEqual(expected);
  });

  it.each([
    ['{\n  "a": 1,\n}', 3, 1, /name in double quotes/],
    ['{\n  "a": 1\n  "b": 2 }', 3, 3, /"," or "}"/],
    ['{ "a": [1, 2\n\n', 3, 1, /"," or "\]"/],
    ['nope', 1, 1, /a value/],
    ['{ a: 1 }', 1, 3, /name in double quotes/],
    ["{ 'a': 1 }", 1, 3, /name in double quotes/],
    ['[1,]', 1, 4, /a value/],
    ['{ "a" 1 }', 1, 7, /":"/],
    ['[1] 2', 1, 5, /nothing more/],
    ['"a\tb"', 1, 1, /a value/],
    ['[01]', 1, 3, /"," or "\]"/],
  ])('says where %j stops being JSON and what belongs there', (text, line, column, message) => {
    expect(readJson(text)).toEqual({ kind: 'broken', line, column, message: expect.stringMatching(message) });
  });

  it.each(['{}', '[]', '[{}, [[]], "\\u00e9\\n", -0.5e+3, true, null]', ' {"a":{"b":[1,2]},"c":""} '])(
    'finds no fault in %j',
    (text) => {
      expect(() => JSON.parse(text)).not.toThrow();
      expect(jsonFault(text)).toBeUndefined();
    },
  );
});

describe('describeConfig', () => {
  it('counts what a Config holds, and says nothing of what is none', () => {
    const backends = [{ name: 'a', address: 'x:1' }];
    expect(describeConfig({ version: 1, pools: [{ name: 'p', backends }, { name: 'q' }] })).toBe(
      '0 listeners, 2 pools, 1 backend',
    );
    expect(describeConfig({ version: 1, pools: [{}] })).toBe('');
  });
});

describe('mergeRevisions', () => {
  const revision = (number: number): RevisionSummary => ({
    revision: number,
    at: number,
    author: 'window',
    note: '',
    changes: [],
  });

  it('joins pages newest first, each revision once', () => {
    const merged = mergeRevisions([revision(5), revision(4)], [revision(4), revision(3)]);
    expect(merged.map((each) => each.revision)).toEqual([5, 4, 3]);
  });
});
