// Reads every source file once and finds what it imports, type imports included. Shared by the
// architecture tests.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFile {
  /** From the repository's root, with forward slashes: `src/main/core.ts`. */
  path: string;
  text: string;
  lines: number;
  /** Repository paths of local files, bare names of packages (`node:fs`, `react-dom/client`). */
  imports: string[];
}

export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => read(join(entry.parentPath, entry.name)));
}

/** The comment a module opens with, as one line of prose. */
export function opening(file: SourceFile): string {
  const [comment = ''] = /^(?:\/\/.*\n)+|^\/\*[\s\S]*?\*\//.exec(file.text.replace(/^#!.*\n/, '')) ?? [];
  return comment
    .replaceAll(/^\/\/|^\/\*|\*\/$|^ \*/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function read(absolute: string): SourceFile {
  const text = readFileSync(absolute, 'utf8');
  const path = relative(root, absolute).split(sep).join('/');
  return { path, text, lines: text.split('\n').length - 1, imports: importsOf(absolute, text) };
}

function importsOf(absolute: string, text: string): string[] {
  const { module, errors } = parseSync(absolute, text);
  if (errors.length > 0) throw new Error(`${absolute} does not parse: ${errors[0]?.message}`);
  const specifiers = [
    ...module.staticImports.map((item) => item.moduleRequest.value),
    ...module.staticExports.flatMap((item) =>
      item.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map((item) =>
      text.slice(item.moduleRequest.start, item.moduleRequest.end).slice(1, -1),
    ),
    // `import('x').Type` in a type position is no module item of its own.
    ...[...text.matchAll(/\bimport\('([^']+)'\)/g)].map((match) => match[1] ?? ''),
  ];
  return [...new Set(specifiers.map((specifier) => locate(absolute, specifier)))];
}

function locate(importer: string, specifier: string): string {
  if (specifier.startsWith('#shared/')) return `src/shared/${specifier.slice('#shared/'.length)}`;
  if (!specifier.startsWith('.')) return specifier;
  return relative(root, resolve(dirname(importer), specifier.replace(/\?.*$/, '')))
    .split(sep)
    .join('/');
}
