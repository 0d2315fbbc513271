// Confines every page this process ever creates (Electron's security checklist): no permission, no foreign
// navigation, no new window, no webview. Window options are in window.ts, the CSP in
// transport/window-files.ts, the sender check in ipc.ts. Called by start.ts before any window exists.
import { app, type Session, shell, type WebContents } from 'electron';
import { externalAddress, isOwnPage } from './navigation.ts';

/** Copying an address needs this one; it can only write plain text to the clipboard. */
const GRANTED_PERMISSION = 'clipboard-sanitized-write';

export function confineEveryPage(devServer: string | undefined): void {
  app.on('web-contents-created', (_event, contents) => confinePage(contents, devServer));
}

export function denyPermissions(session: Session, devServer: string | undefined): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(permission === GRANTED_PERMISSION && isOwnPage(details.requestingUrl, devServer));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === GRANTED_PERMISSION && isOwnPage(origin, devServer),
  );
  session.setDevicePermissionHandler(() => false);
}

function confinePage(contents: WebContents, devServer: string | undefined): void {
  contents.on('will-navigate', (event) => {
    if (isOwnPage(event.url, devServer)) return;
    event.preventDefault();
    openOutside(event.url);
  });
  contents.on('will-redirect', (event) => {
    if (!isOwnPage(event.url, devServer)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    // The page has no frames (its CSP forbids them); one that appears anyway stays empty.
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: 'deny' };
  });
}

function openOutside(address: string): void {
  const allowed = externalAddress(address);
  if (allowed === undefined) {
    console.warn(`sluice: refused to open ${JSON.stringify(address.slice(0, 200))}`);
    return;
  }
  shell
    .openExternal(allowed)
    .catch((error: unknown) => console.error(`sluice: could not open ${allowed}`, error));
}
