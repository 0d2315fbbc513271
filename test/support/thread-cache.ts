// Before the specs over real sockets: strips the types of what their threads run, once, into Node's
// compile cache (its folder is set in vitest.config.ts). Otherwise each of the hundreds of engine threads
// a run starts from source loads the WebAssembly module that strips types, and V8 13.6 now and then ends a
// process that makes and drops so many ("jit_page_->allocations_.erase(addr) == 1", nodejs/node#64500).
// What ships holds JavaScript and loads no such module. Threads start twice as fast with it, too.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** Entries that do nothing, or end with an error, where they are no thread. */
const ENTRIES = ['../../src/main/engine/thread.ts', '../../src/main/core-thread.ts', './mortal-engine.ts'];

/** The engine alone is more files than that: fewer were not cached. */
const LEAST_FILES = 50;

export function setup(): void {
  const urls = ENTRIES.map((entry) => new URL(entry, import.meta.url).href);
  // Node keeps a folder for each of its versions in there, and says which one is its own.
  const script = `
    await Promise.allSettled(${JSON.stringify(urls)}.map((url) => import(url)));
    const { getCompileCacheDir } = await import('node:module');
    process.stdout.write(getCompileCacheDir() ?? '');
    process.exit(0);
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  const files = existsSync(stdout) ? readdirSync(stdout) : [];
  if (files.length < LEAST_FILES) {
    throw new Error(
      `the compile cache "${stdout}" holds ${files.length} files; set NODE_COMPILE_CACHE to a folder that can be ` +
        `written, and NODE_DISABLE_COMPILE_CACHE to nothing: ${stderr}`,
    );
  }
}
