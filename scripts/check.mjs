// npm run check: format, lint, types, unit and architecture tests; under a minute. The first
// failure of each kind is shown, all kinds are run.
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { modernNode, root, run } from './lib/process.mjs';

await ensureInstalled();
const bin = (name) => join(root, 'node_modules', '.bin', name);
const node = modernNode();
const steps = [
  ['format and lint', bin('biome'), ['ci', '--error-on-warnings']],
  ['types: shared', bin('tsc'), ['-p', 'tsconfig.shared.json']],
  ['types: main, preload, tests', bin('tsc'), ['-p', 'tsconfig.node.json']],
  ['types: window', bin('tsc'), ['-p', 'tsconfig.web.json']],
  ['tests', node, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', 'unit']],
];

let failures = 0;
for (const [title, command, args] of steps) {
  const started = performance.now();
  const code = await run(command, args);
  if (code !== 0) failures += 1;
  console.log(
    `${code === 0 ? 'ok    ' : 'FAILED'} ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  );
}
process.exit(failures === 0 ? 0 : 1);
