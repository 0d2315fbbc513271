// Where the other entry points are, in a build (all of them beside this file in out/main) and when
// run from source. Decided once, by the name this module runs under.
import packageJson from '../../../package.json' with { type: 'json' };

const fromSource = import.meta.url.endsWith('.ts');
const at = (built: string, source: string) => new URL(fromSource ? source : built, import.meta.url).href;

export const entries = {
  version: packageJson.version,
  engineThread: at('./engine-thread.js', '../engine/thread.ts'),
  demoThread: at('./demo-thread.js', '../app/demo/thread.ts'),
  window: at('../renderer/', '../../../out/renderer/'),
} as const;
