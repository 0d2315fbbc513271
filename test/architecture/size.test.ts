// Files aim at 200 lines and stop at 400; a module opens by saying what it decides; nothing is
// re-exported for convenience; no name says nothing.
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.ts';

const MAX_LINES = 400;
const MAX_PRELOAD_LINES = 40;
const EMPTY_NAMES = /(^|\/)(utils?|helpers?|misc|common|manager|service)s?\.tsx?$/;

const sources = sourceFiles('src');
const everything = [...sources, ...sourceFiles('test'), ...sourceFiles('scripts')];

describe('source files', () => {
  it('were found', () => {
    expect(sources.length).toBeGreaterThan(80);
    expect(everything.length).toBeGreaterThan(sources.length);
  });

  it(`hold at most ${MAX_LINES} lines`, () => {
    expect(
      everything.filter((file) => file.lines > MAX_LINES).map((file) => `${file.path}: ${file.lines}`),
    ).toEqual([]);
  });

  it('open with a comment that says what the module is for', () => {
    const silent = sources.filter((file) => !/^(\/\/|\/\*)/.test(file.text.replace(/^#!.*\n/, '')));
    expect(silent.map((file) => file.path)).toEqual([]);
  });

  it('re-export nothing', () => {
    const barrels = sources.filter((file) => /^export (type )?[*{]/m.test(file.text));
    expect(barrels.map((file) => file.path)).toEqual([]);
  });

  it('are named after what they hold', () => {
    expect(everything.filter((file) => EMPTY_NAMES.test(file.path)).map((file) => file.path)).toEqual([]);
  });
});

describe('the preload', () => {
  it(`is under ${MAX_PRELOAD_LINES} lines and holds no logic of its own`, () => {
    const preload = sources.find((file) => file.path === 'src/preload/index.ts');
    expect(preload?.lines).toBeLessThan(MAX_PRELOAD_LINES);
  });
});
