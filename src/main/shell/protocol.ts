// The `app://sluice/` scheme: a real origin for the page instead of file://, served from the build.
// `registerAppScheme` must run before Electron is ready, `handleAppScheme` after. Called by start.ts.
import { protocol } from 'electron';
import { serveAsset } from '../transport/window-files.ts';
import { APP_HOST, APP_SCHEME } from './navigation.ts';

export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

export function handleAppScheme(rendererDir: string): void {
  protocol.handle(APP_SCHEME, (request) => {
    if (new URL(request.url).host !== APP_HOST) return new Response('unknown host\n', { status: 404 });
    return serveAsset(rendererDir, request);
  });
}
