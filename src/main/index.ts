// Entry of the desktop app. Resolves what lies beside the bundle and starts the shell; it must not await
// anything, because Electron becomes ready only after this module has been evaluated.
import { fileURLToPath } from 'node:url';
import { startShell } from './shell/start.ts';

startShell({
  coreThread: new URL('./core-thread.js', import.meta.url),
  engineThread: new URL('./engine-thread.js', import.meta.url),
  demoThread: new URL('./demo-thread.js', import.meta.url),
  preload: fileURLToPath(new URL('../preload/index.cjs', import.meta.url)),
  rendererDir: fileURLToPath(new URL('../renderer', import.meta.url)),
});
