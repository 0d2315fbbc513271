// npm run bench: Sluice beside the peers that are installed, what it adds in latency, under attack too,
// holds in memory and takes to be changed, then the cost of one balancing decision.
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { modernNode, root, run } from './lib/process.mjs';

await ensureInstalled();
await ensureBuilt();
const bench = (name) => run(modernNode(), [join(root, 'test', 'bench', name)]);
const proxies = await bench('main.ts');
let own = 0;
for (const name of ['flat.ts', 'latency.ts', 'slow-clients.ts', 'idle.ts', 'memory.ts', 'apply.ts'])
  own = (await bench(name)) || own;
const pick = await bench('pick.bench.ts');
process.exit(proxies || own || pick);
