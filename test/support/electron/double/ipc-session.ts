// `ipcMain`, `protocol` and `session`: handlers the app registers, kept so that Chromium's requests and the
// tests' hostile ones reach them, with Electron's rules about when each may be used.
import { EventEmitter } from 'node:events';
import type { CustomScheme, IpcMain, Protocol, Session } from 'electron';
import type { AssetAnswer, FrameFacts } from '../wire.ts';
import { isReady, requireReady } from './app.ts';
import { windowOf } from './browser-window.ts';
import { record, strict } from './link.ts';
import { frameDouble } from './web-contents.ts';

const ipcEvents = new EventEmitter();

/** A message from a page; `frame` is null when the frame went away before it was handled. */
export function deliverIpc(
  windowId: number,
  frame: FrameFacts | null,
  channel: string,
  args: unknown[],
): void {
  const sender = windowOf(windowId).contents.api;
  const senderFrame = frame === null ? null : frameDouble(frame);
  ipcEvents.emit(channel, strict('IpcMainEvent', { sender, senderFrame, processId: 1, frameId: 1 }), ...args);
}

const ipcModel = {
  on(channel: string, listener: (...args: unknown[]) => void) {
    ipcEvents.on(channel, listener);
    return ipcMain;
  },
} satisfies Partial<Record<keyof IpcMain, unknown>>;
export const ipcMain: object = strict('ipcMain', ipcModel);

const schemes = new Map<string, CustomScheme>();
const schemeHandlers = new Map<string, (request: Request) => Response | Promise<Response>>();

const protocolModel = {
  registerSchemesAsPrivileged(list: CustomScheme[]) {
    if (isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    record('protocol.registerSchemesAsPrivileged', list);
    for (const item of list) schemes.set(item.scheme, item);
  },
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>) {
    requireReady('protocol can only be used after app is ready');
    if (schemeHandlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    record('protocol.handle', scheme);
    schemeHandlers.set(scheme, handler);
  },
} satisfies Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>;
export const protocol = strict('protocol', protocolModel);

/** Runs the app's own protocol handler, as Chromium's network service would. */
export async function requestAsset(method: string, url: string): Promise<AssetAnswer> {
  const scheme = new URL(url).protocol.slice(0, -1);
  const handler = schemeHandlers.get(scheme);
  if (handler === undefined || schemes.get(scheme)?.privileges?.standard !== true) {
    throw new Error(`electron double: nothing serves ${scheme}: with a standard origin`);
  }
  const response = await handler(new Request(url, { method }));
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

type Handler = (...args: unknown[]) => unknown;
export const sessionHandlers: {
  request: Handler | undefined;
  check: Handler | undefined;
  device: Handler | undefined;
} = {
  request: undefined,
  check: undefined,
  device: undefined,
};

const sessionModel = {
  setPermissionRequestHandler(handler: Handler) {
    sessionHandlers.request = handler;
  },
  setPermissionCheckHandler(handler: Handler) {
    sessionHandlers.check = handler;
  },
  setDevicePermissionHandler(handler: Handler) {
    sessionHandlers.device = handler;
  },
} satisfies Partial<Record<keyof Session, unknown>>;
const defaultSession = strict('session.defaultSession', sessionModel);

export const session = strict('session', {
  get defaultSession() {
    requireReady('Session can only be received when app is ready');
    return defaultSession;
  },
});
