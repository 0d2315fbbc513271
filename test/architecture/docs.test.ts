// docs/architecture.md stays true: every path it names exists, every source folder has its row, and
// every link of the Markdown files leads somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, sourceFiles } from './source-files.ts';

const architecture = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const mapped = [...architecture.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
const markdown = ['README.md', 'CHANGELOG.md', ...listMarkdown('docs')];

function listMarkdown(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

describe('docs/architecture.md', () => {
  it('names only paths that exist', () => {
    const named = [...architecture.matchAll(/`((?:src|test|scripts|resources|docs)\/[^`\s]*)`/g)].map(
      (m) => m[1] ?? '',
    );
    expect(named.length).toBeGreaterThan(15);
    expect([...named, ...mapped].filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names for every invariant a test that exists', () => {
    const invariants = architecture.split('\n').filter((line) => line.startsWith('- **Invariant'));
    expect(invariants.length).toBeGreaterThan(5);
    const untested = invariants.filter((line) => {
      const [, path, name] = /Test: `([^`]+)`, “([^”]+)”\.$/.exec(line) ?? [];
      return path === undefined || !readFileSync(join(root, path), 'utf8').includes(`'${name}`);
    });
    expect(untested).toEqual([]);
  });

  it('has a row for every folder of the source', () => {
    const folders = new Set(sourceFiles('src').map((file) => dirname(file.path)));
    const unmapped = [...folders].filter(
      (folder) => !mapped.some((row) => folder === row || folder.startsWith(`${row}/`)),
    );
    expect(folders.size).toBeGreaterThan(15);
    expect(unmapped.filter((folder) => !['src/main', 'src/renderer/src'].includes(folder))).toEqual([]);
  });
});

describe('the documents', () => {
  it.each(markdown)('%s links only to files that exist', (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)#]+)[^)]*\)|<img[^>]+src="([^"]+)"|srcset="([^"]+)"/g)]
      .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
      .filter((target) => !/^https?:/.test(target));
    expect(targets.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
  });
});
