// npm run demo: three demo backends, a listener, generated traffic and the app on top, in a data
// folder of its own so that it never touches yours.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from './lib/launch.mjs';

const data = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
process.on('exit', () => rmSync(data, { recursive: true, force: true }));
await launch(['--demo', ...process.argv.slice(2)], data);
