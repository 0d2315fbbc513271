// npm run serve: the headless host from the build. Everything after -- goes to it.
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { become, modernNode, root } from './lib/process.mjs';

await ensureInstalled();
await ensureBuilt();
become(modernNode(), [join(root, 'out', 'main', 'headless.js'), ...process.argv.slice(2)]);
