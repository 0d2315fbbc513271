// docs/architecture.md stays true: every path it names exists, every source folder has its row. Every
// link of the Markdown files leads somewhere, and who a module says it is called by does import it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { opening, root, type SourceFile, sourceFiles } from './source-files.ts';

const architecture = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const mapped = [...architecture.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
/** The roots, whose files are entry points, and the nouns of the window, which one row describes. */
const WITHOUT_ROW = [/^src\/main$/, /^src\/renderer\/src$/, /^src\/renderer\/src\/features\/./];

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
    const unmapped = [...folders].filter((folder) => !mapped.includes(folder));
    expect(folders.size).toBeGreaterThan(15);
    expect(unmapped.filter((folder) => !WITHOUT_ROW.some((pattern) => pattern.test(folder)))).toEqual([]);
    expect(WITHOUT_ROW.filter((pattern) => !unmapped.some((folder) => pattern.test(folder)))).toEqual([]);
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

describe('the decisions', () => {
  it.each(listMarkdown('docs/adr'))('%s has its number, a context, a decision and consequences', (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const number = /(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1];
    expect(text.startsWith(`# ${number} `)).toBe(true);
    const headings = [...text.matchAll(/^(?:\*\*(\w+)\.\*\* |#{2,} (.*))/gm)].map(
      (match) => match[1] ?? match[2],
    );
    expect(headings).toEqual(['Context', 'Decision', 'Consequences']);
  });
});

/** The part of a sentence that says by whom a module is used: "Called once per plan by apply.ts". */
const USERS =
  /\b(?:asked|called|driven|fed|filled|hosted|kept|made|mounted|owned|read|used|wired|written)\b[^,]*?\bby\b.*/i;

function namedFiles(text: string): string[] {
  return text.match(/[\w/.-]*\w\.(?:tsx?|mjs)\b/g) ?? [];
}

function namedUsers(file: SourceFile): string[] {
  const sentences = opening(file).split(/(?<=[.;:]) /);
  return sentences.flatMap((sentence) => namedFiles(USERS.exec(sentence)?.[0] ?? ''));
}

describe('the comment a module opens with', () => {
  const sources = sourceFiles('src');
  const everything = [...sources, ...sourceFiles('test'), ...sourceFiles('scripts')];
  const called = (name: string): SourceFile[] =>
    everything.filter((file) => `/${file.path}`.endsWith(`/${name}`));

  it('names only files that exist', () => {
    const ghosts = sources.flatMap((file) =>
      namedFiles(opening(file)).flatMap((name) => (called(name).length > 0 ? [] : [`${file.path}: ${name}`])),
    );
    expect(ghosts).toEqual([]);
  });

  it('names as users only files that import the module', () => {
    const claims = sources.flatMap((file) => namedUsers(file).map((user) => ({ file, user })));
    const untrue = claims.filter(
      ({ file, user }) => !called(user).some((caller) => caller.imports.includes(file.path)),
    );
    expect(claims.length).toBeGreaterThan(80);
    expect(untrue.map(({ file, user }) => `${file.path} is not imported by ${user}`)).toEqual([]);
  });
});
