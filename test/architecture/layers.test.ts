// Holds the table of docs/architecture.md: who may import whom, type imports included. Each layer
// also names the packages it may use, so a new dependency is a reviewed decision.
import { describe, expect, it } from 'vitest';
import { type SourceFile, sourceFiles } from './source-files.ts';

interface Layer {
  name: string;
  /** Files it holds, by path prefix; the longest prefix decides. */
  prefixes: string[];
  /** Path prefixes of local files it may import besides its own. */
  local: string[];
  packages: string[];
  node: boolean;
}

const LAYERS: readonly Layer[] = [
  { name: 'shared', prefixes: ['src/shared/'], local: [], packages: ['zod'], node: false },
  { name: 'engine', prefixes: ['src/main/engine/'], local: ['src/shared/'], packages: [], node: true },
  {
    name: 'health',
    prefixes: ['src/main/health/'],
    local: ['src/shared/'],
    packages: ['undici'],
    node: true,
  },
  {
    name: 'store',
    prefixes: ['src/main/store/'],
    local: ['src/shared/'],
    packages: ['better-sqlite3'],
    node: true,
  },
  {
    name: 'app',
    prefixes: ['src/main/app/'],
    local: ['src/shared/', 'src/main/engine/', 'src/main/health/', 'src/main/store/'],
    packages: ['pino', '@peculiar/x509', 'reflect-metadata'],
    node: true,
  },
  {
    name: 'core',
    prefixes: [
      'src/main/core.ts',
      'src/main/core-parts.ts',
      'src/main/core-thread.ts',
      'src/main/core-messages.ts',
    ],
    local: [
      'src/shared/',
      'src/main/app/',
      'src/main/engine/',
      'src/main/health/',
      'src/main/store/',
      'src/main/transport/',
    ],
    packages: [],
    node: true,
  },
  {
    name: 'transport',
    prefixes: ['src/main/transport/'],
    local: ['src/shared/'],
    packages: ['ws'],
    node: true,
  },
  {
    name: 'shell',
    prefixes: ['src/main/shell/', 'src/main/index.ts'],
    local: ['src/shared/', 'src/main/core-messages.ts', 'src/main/transport/'],
    packages: ['electron'],
    node: true,
  },
  {
    name: 'headless',
    prefixes: ['src/main/headless/'],
    local: ['src/shared/', 'src/main/core.ts', 'src/main/app/log.ts', 'src/main/transport/', 'package.json'],
    packages: ['ws'],
    node: true,
  },
  {
    name: 'preload',
    prefixes: ['src/preload/'],
    local: ['src/shared/'],
    packages: ['electron'],
    node: false,
  },
  {
    name: 'window: ui',
    prefixes: ['src/renderer/src/ui/'],
    local: ['src/renderer/src/lib/'],
    packages: ['react', 'radix-ui', 'lucide-react', 'class-variance-authority', 'sonner'],
    node: false,
  },
  {
    name: 'window: lib',
    prefixes: ['src/renderer/src/lib/'],
    local: ['src/shared/'],
    packages: ['react', 'class-variance-authority', 'tailwind-merge', 'zod'],
    node: false,
  },
  {
    name: 'window: live',
    prefixes: ['src/renderer/src/live/'],
    local: ['src/shared/', 'src/renderer/src/lib/', 'src/preload/bridge.ts'],
    packages: ['react'],
    node: false,
  },
  {
    name: 'window: features',
    prefixes: ['src/renderer/src/features/'],
    local: ['src/shared/', 'src/renderer/src/live/', 'src/renderer/src/ui/', 'src/renderer/src/lib/'],
    packages: [
      'react',
      'radix-ui',
      'lucide-react',
      'zod',
      'recharts',
      'cmdk',
      'react-hook-form',
      '@hookform/resolvers',
      '@tanstack/react-table',
      '@tanstack/react-virtual',
    ],
    node: false,
  },
  {
    name: 'window',
    prefixes: ['src/renderer/src/'],
    local: [],
    packages: ['react', 'react-dom', 'zod'],
    node: false,
  },
];

/** Fewer files than this and the test looked at the wrong place. */
const LEAST_FILES = 80;
const LEAST_IMPORTS = 200;

const files = sourceFiles('src');

function layerOf(path: string): Layer | undefined {
  const owners = LAYERS.flatMap((layer) =>
    layer.prefixes
      .filter((prefix) => path.startsWith(prefix))
      .map((prefix) => ({ layer, length: prefix.length })),
  );
  return owners.sort((a, b) => b.length - a.length)[0]?.layer;
}

function violations(file: SourceFile): string[] {
  const layer = layerOf(file.path);
  if (!layer) return [`${file.path} belongs to no layer`];
  return file.imports
    .filter((target) => !allowed(layer, file.path, target))
    .map((target) => `${file.path} (${layer.name}) imports ${target}`);
}

function allowed(layer: Layer, path: string, target: string): boolean {
  if (target.startsWith('node:')) return layer.node;
  if (/^(src\/|package\.json)/.test(target)) {
    const feature = /^src\/renderer\/src\/features\/[^/]+\//.exec(path)?.[0];
    if (feature && target.startsWith('src/renderer/src/features/')) return target.startsWith(feature);
    return [...layer.prefixes, ...layer.local].some((prefix) => target.startsWith(prefix));
  }
  return layer.packages.some((name) => isPackage(target, name)) || target.endsWith('.css');
}

function isPackage(target: string, name: string): boolean {
  return target === name || target.startsWith(`${name}/`);
}

/** What a layer may import but none of its files does, and what is its own anyway. */
function unusedGrants(layer: Layer): string[] {
  const imports = files.filter((file) => layerOf(file.path) === layer).flatMap((file) => file.imports);
  const foreign = imports.filter((target) => !layer.prefixes.some((prefix) => target.startsWith(prefix)));
  const unused = [
    ...layer.local.filter((prefix) => !foreign.some((target) => target.startsWith(prefix))),
    ...layer.packages.filter((name) => !foreign.some((target) => isPackage(target, name))),
    ...(layer.node && !foreign.some((target) => target.startsWith('node:')) ? ['node'] : []),
  ];
  return unused.map((grant) => `${layer.name} may import ${grant}`);
}

describe('the layer table', () => {
  it('is held by every source file', () => {
    expect(files.flatMap(violations)).toEqual([]);
  });

  it('grants nothing that nobody uses', () => {
    expect(LAYERS.flatMap(unusedGrants)).toEqual([]);
  });

  it('was checked against the real tree', () => {
    expect(files.length).toBeGreaterThan(LEAST_FILES);
    expect(files.reduce((sum, file) => sum + file.imports.length, 0)).toBeGreaterThan(LEAST_IMPORTS);
  });

  it('would notice a violation', () => {
    const file = (path: string, target: string): SourceFile => ({
      path,
      text: '',
      lines: 1,
      imports: [target],
    });
    expect(violations(file('src/shared/status.ts', 'node:fs'))).toHaveLength(1);
    expect(violations(file('src/main/engine/engine.ts', 'src/main/store/open.ts'))).toHaveLength(1);
    expect(
      violations(file('src/renderer/src/features/pools/a.tsx', 'src/renderer/src/features/listeners/b.tsx')),
    ).toHaveLength(1);
    expect(violations(file('src/main/app/live.ts', 'electron'))).toHaveLength(1);
    expect(violations(file('src/other/x.ts', 'zod'))).toHaveLength(1);
  });

  it('lets only the shell and the preload import electron', () => {
    const importers = files.filter((file) => file.imports.includes('electron')).map((file) => file.path);
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.filter((path) => !/^src\/(main\/shell|preload)\//.test(path))).toEqual([]);
  });
});
