// Assembles the two scripts a double's page runs before its own: the main world's end of the bridge and
// the isolated world with the shipping preload in it. Used by chromium-window.ts.
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

function shared(): string {
  const codec = stripTypeScriptTypes(read('./codec.ts')).replaceAll('export function', 'function');
  return `${codec}\n${read('./page/world-bridge.js')}`;
}

export function mainWorldScript(channel: string): string {
  return `(() => {\n${shared()}\n${read('./page/main-world.js')}\nmainWorld(${JSON.stringify(channel)});\n})();`;
}

export function isolatedWorldScript(channel: string, preloadPath: string): string {
  const facts = {
    platform: process.platform,
    versions: { electron: '45.4.1', chrome: '156.0.8078.100', node: process.versions.node },
    sandboxed: true,
    type: 'renderer',
  };
  const preload = `function (require, module, exports, process) {\n${readFileSync(preloadPath, 'utf8')}\n}`;
  const call = `isolatedWorld(${JSON.stringify(channel)}, ${JSON.stringify(facts)}, ${preload});`;
  return `(() => {\n${shared()}\n${read('./page/isolated-world.js')}\n${call}\n})();`;
}
