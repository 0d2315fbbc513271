// Pure modules decide; they take time and chance as arguments, so that a test can replay any
// moment. The list is of folders and files whose every line must hold to that.
import { describe, expect, it } from 'vitest';
import { type SourceFile, sourceFiles } from './source-files.ts';

const PURE = [
  'src/shared/',
  'src/main/engine/balance/',
  'src/main/engine/routing/',
  'src/main/engine/resilience/',
  'src/main/engine/telemetry/',
  'src/main/engine/plan.ts',
  'src/main/engine/compile.ts',
  'src/main/engine/diff.ts',
  'src/main/engine/eligible.ts',
  'src/main/engine/select.ts',
  'src/main/engine/assignment.ts',
  'src/main/engine/failure.ts',
  'src/main/engine/tls/client-hello.ts',
  'src/main/engine/tls/sni.ts',
  'src/main/engine/http1/message.ts',
  'src/main/engine/http1/head-request.ts',
  'src/main/engine/http1/head-response.ts',
  'src/main/engine/http1/body.ts',
  'src/main/engine/http1/serialize.ts',
  'src/main/engine/http2/frame-guard.ts',
  'src/main/engine/http2/header-block.ts',
  'src/main/engine/http2/request-head.ts',
  'src/main/engine/http2/response-fields.ts',
  'src/main/health/judge.ts',
  'src/main/app/edits.ts',
  'src/main/app/changes.ts',
  'src/main/app/status.ts',
];
const FORBIDDEN =
  /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|setTimeout|setInterval|console\.|process\.\w)/;

const files = sourceFiles('src').filter((file) => PURE.some((prefix) => file.path.startsWith(prefix)));

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

  it('are all there', () => {
    const missing = PURE.filter((prefix) => !files.some((file) => file.path.startsWith(prefix)));
    expect(missing).toEqual([]);
  });
});
