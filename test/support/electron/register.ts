// Makes `electron` mean the double for everything loaded after this module, the shipping bundle included.
// Imported first by boot.ts; also usable as `node --import`.
import { registerHooks } from 'node:module';

const double = new URL('./double/electron.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'electron' && !specifier.startsWith('electron/')) return next(specifier, context);
    return { url: double, format: 'module-typescript', shortCircuit: true };
  },
});
