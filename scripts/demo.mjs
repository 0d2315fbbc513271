// npm run demo: three demo backends, a listener, generated traffic and the app on top, in a data
// folder of its own so that it never touches yours.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { become, modernNode, root } from './lib/process.mjs';

await ensureInstalled();
await ensureBuilt();
const data = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
become(modernNode(), [
  join(root, 'out', 'main', 'headless.js'),
  '--demo',
  '--data',
  data,
  ...process.argv.slice(2),
]);
