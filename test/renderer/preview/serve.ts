// Shows the window in a browser with a scripted core behind it:
//   node test/renderer/preview/serve.ts [board|empty] [port]

import { createFakeCore } from '../../support/fake-core.ts';
import { boardScene, emptyScene } from '../../support/fake-scene.ts';
import { buildRenderer, hostRenderer } from '../../support/renderer-host.ts';

const [scene = 'board', port = '5180'] = process.argv.slice(2);
const now = Date.now();
const core = createFakeCore(scene === 'empty' ? emptyScene() : boardScene(), now);
const built = await buildRenderer();
const host = await hostRenderer(built.dir, core, { port: Number(port) });
setInterval(() => core.tick(), 1000);
console.log(host.url);
