// npm run dev: hot reload. With an Electron runtime, electron-vite does it all. Without one, the
// page comes from Vite and everything else from the headless host, run from source and started
// again when a file of it changes.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { electronAvailable } from './electron-probe.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { become, environment, modernNode, root } from './lib/process.mjs';

await ensureInstalled();
const runtime = electronAvailable(root);
if (runtime.available) {
  become(modernNode(), [
    join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'),
    'dev',
    '--watch',
  ]);
} else if (Number(process.versions.node.split('.')[0]) < 24) {
  // Vite runs in this process; come back on the pinned Node.
  become(modernNode(), [join(root, 'scripts', 'dev.mjs'), ...process.argv.slice(2)]);
} else {
  console.log(`${runtime.reason} Developing in a browser instead.`);
  await developInBrowser();
}

async function developInBrowser() {
  const { createServer, loadConfigFromFile } = await import('vite');
  const data = join(root, '.sluice', 'dev');
  mkdirSync(data, { recursive: true });
  const args = ['--watch-path', 'src/main', '--watch-path', 'src/shared', '--watch-preserve-output'];
  const host = ['src/main/headless/main.ts', '--data', data, '--json', ...process.argv.slice(2)];
  const child = spawn(modernNode(), [...args, ...host], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment(),
  });
  process.on('exit', () => child.kill());
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));

  const loaded = await loadConfigFromFile(
    { command: 'serve', mode: 'development' },
    'electron.vite.config.ts',
    root,
  );
  let control;
  const proxy = {
    target: 'http://127.0.0.1',
    changeOrigin: true,
    ws: true,
    // The control endpoint answers its own pages only; to it, this page is one of them.
    configure(server) {
      const disguise = (request) => request.setHeader('origin', control ?? '');
      server.on('proxyReq', disguise);
      server.on('proxyReqWs', disguise);
    },
  };
  await forEachReady(child, async (ready) => {
    const first = control === undefined;
    control = ready.control;
    proxy.target = ready.control;
    if (!first) return console.log(`restarted; reload with #token=${ready.token}`);
    const vite = await createServer({
      ...loaded.config.renderer,
      configFile: false,
      server: { host: '127.0.0.1', proxy: { '/rpc': proxy, '/events': proxy } },
    });
    await vite.listen();
    console.log(`${vite.resolvedUrls.local[0]}#token=${ready.token}`);
  });
}

/** Calls back for each line of JSON the host prints: once at start, once after every restart. */
async function forEachReady(child, onReady) {
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) await onReady(JSON.parse(line));
  }
}
