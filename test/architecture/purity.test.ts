// Pure modules decide; they take time and chance as arguments, so that a test can replay any moment. Pure is
// whatever says "Pure" in the comment it opens with, and the whole of src/shared.
import { describe, expect, it } from 'vitest';
import { opening, type SourceFile, sourceFiles } from './source-files.ts';

const FORBIDDEN = new RegExp(
  [
    /\b(?:Date\.now|new Date\(\)|Date\(\)|performance\.now|hrtime)/,
    /\b(?:Math\.random|random(?:Bytes|UUID|Int|FillSync)|getRandomValues)/,
    /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick)\b/,
    /\b(?:console\.|process\.\w)/,
  ]
    .map((pattern) => pattern.source)
    .join('|'),
);

/** Fewer than these and the test looked at the wrong place, or the word was lost from the comments. */
const LEAST_PURE = 100;

const files = sourceFiles('src').filter(
  (file) => file.path.startsWith('src/shared/') || /\bPure\b/.test(opening(file)),
);

/** Comments may speak of what code may not do. */
function code(file: SourceFile): string[] {
  return file.text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .split('\n')
    .map((line) => line.replace(/\/\/.*$/, ''));
}

describe('pure modules', () => {
  it('ask neither the clock nor chance nor the process', () => {
    const found = files.flatMap((file) =>
      code(file).flatMap((line, i) => (FORBIDDEN.test(line) ? [`${file.path}:${i + 1} ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });

  it('are found by what they say of themselves', () => {
    expect(files.length).toBeGreaterThan(LEAST_PURE);
    for (const folder of ['balance', 'routing', 'resilience', 'telemetry']) {
      const within = sourceFiles(`src/main/engine/${folder}`).map((file) => file.path);
      expect(within.filter((path) => !files.some((file) => file.path === path))).toEqual([]);
    }
  });
});
