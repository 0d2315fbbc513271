// What a test may do to the app from outside its window: the person's and the system's actions, hostile
// requests to the handlers it registered, and reading what it made. Typed for launch.ts by `Controls`.
import type { Worker } from 'node:worker_threads';
import type { FrameFacts } from '../wire.ts';
import { app, emitApp, openWindows } from './app.ts';
import { type WindowDouble, windowOf } from './browser-window.ts';
import { desktop } from './desktop.ts';
import { deliverIpc, requestAsset, sessionHandlers } from './ipc-session.ts';
import { makeEvent } from './link.ts';

/** Threads the app started, newest last, under the name of their file; kept by boot.ts. */
export const threads: { file: string; worker: Worker }[] = [];

export const controls = {
  windows: () =>
    [...openWindows.keys()].map(windowOf).map((window: WindowDouble) => ({
      id: window.id,
      visible: window.visible,
      focused: window.focused,
      minimized: window.minimized,
      maximized: window.maximized,
      bounds: window.bounds,
      url: window.contents.api.getURL(),
    })),
  /** The window's close button. */
  closeWindow: (id: number) => windowOf(id).close(),
  minimizeWindow(id: number) {
    windowOf(id).minimized = true;
    windowOf(id).setVisible(false);
  },
  resizeWindow(id: number, bounds: { x: number; y: number; width: number; height: number }) {
    windowOf(id).bounds = bounds;
  },
  /** The system asks the app to end. */
  quit: () => app.quit(),
  /** macOS: the dock icon. */
  activate: () => emitApp('activate', makeEvent({}), false),

  tray: () => ({
    image: desktop.tray?.image ?? '',
    tooltip: desktop.tray?.tooltip ?? '',
    items: (desktop.tray?.menu?.items ?? []).map((item) => item.label ?? item.type ?? ''),
  }),
  clickTray: () => desktop.tray?.onClick?.(),
  clickTrayItem: (label: string) => clickItem(desktop.tray?.menu?.items ?? [], label),

  /** Emits a page event as if the page had caused it; answers whether the app prevented it. */
  emitFromPage: (windowId: number, name: string, facts: Record<string, unknown>) =>
    windowOf(windowId).contents.emit(name, facts, facts),
  openFromPage: (windowId: number, url: string) => windowOf(windowId).contents.open(url),
  sendFromFrame: (windowId: number, frame: FrameFacts | null, channel: string, args: unknown[]) =>
    deliverIpc(windowId, frame, channel, args),
  requestAsset: (method: string, url: string) => requestAsset(method, url),
  requestPermission: (permission: string, url: string) =>
    new Promise<boolean>((resolve) => {
      // Without a handler Electron grants everything, which is why the default here is true.
      if (sessionHandlers.request === undefined) resolve(true);
      sessionHandlers.request?.(undefined, permission, resolve, { requestingUrl: url, isMainFrame: true });
    }),
  checkPermission: (permission: string, origin: string) =>
    sessionHandlers.check === undefined || sessionHandlers.check(null, permission, origin, {}) === true,
  requestDevice: () => sessionHandlers.device === undefined || sessionHandlers.device({}) === true,

  /** Ends the newest thread of a file as a crash would, without any goodbye. */
  async crashThread(file: string) {
    const found = threads.filter((thread) => thread.file.endsWith(file)).at(-1);
    if (found === undefined) throw new Error(`electron double: no thread runs ${file}`);
    await found.worker.terminate();
  },
  threads: () => threads.map((thread) => thread.file),
};

export type Controls = typeof controls;

interface ClickableItem {
  label?: string;
  click?: unknown;
}

function clickItem(items: readonly ClickableItem[], label: string): void {
  const item = items.find((candidate) => candidate.label === label);
  if (typeof item?.click !== 'function') throw new Error(`electron double: no menu item "${label}" to click`);
  item.click();
}
