// `app`: the life cycle with Electron's order and refusals. Ready comes only after the entry module was
// evaluated; quitting asks, closes windows, asks again, then ends the process. Made once per app process.
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import type { DoubleSetup } from '../wire.ts';
import { type InstanceLock, requestLock } from './instance-lock.ts';
import { makeEvent, record, strict } from './link.ts';

export const setup = JSON.parse(process.env.ELECTRON_DOUBLE ?? '{}') as DoubleSetup;

interface OpenWindow {
  close(): void;
  destroy(): void;
}

/** Every open window, in order of creation; windows add and remove themselves. */
export const openWindows = new Map<number, OpenWindow>();

const events = new EventEmitter();
let ready = false;
let quitting = false;
let exiting = false;
let lock: InstanceLock | undefined;
let becomeReady: () => void = () => {};
const whenReady = new Promise<void>((resolve) => {
  becomeReady = resolve;
});

export function isReady(): boolean {
  return ready;
}

export function requireReady(what: string): void {
  if (!ready) throw new Error(what);
}

/** Tells the app, and the record, that something happened. */
export function emitApp(name: string, ...args: unknown[]): void {
  record(`app:${name}`);
  events.emit(name, ...args);
}

/** Called by boot.ts once the entry module has been evaluated. */
export function entryEvaluated(): void {
  if (quitting) return;
  ready = true;
  emitApp('will-finish-launching');
  emitApp('ready', makeEvent({}), {});
  becomeReady();
  lock?.deliverTo(({ argv, workingDirectory, additionalData }) =>
    emitApp('second-instance', makeEvent({}), argv, workingDirectory, additionalData),
  );
}

export function windowClosed(id: number): void {
  openWindows.delete(id);
  if (openWindows.size > 0 || exiting) return;
  if (quitting) shutDown();
  else if (events.listenerCount('window-all-closed') === 0) app.quit();
  else emitApp('window-all-closed');
}

/** A window's page or handler refused to close: the whole quit is off. */
export function quitRefused(): void {
  quitting = false;
}

function shutDown(): void {
  const event = makeEvent({});
  emitApp('will-quit', event);
  if (event.defaultPrevented) quitting = false;
  else end(0);
}

function end(code: number): void {
  exiting = true;
  emitApp('quit', makeEvent({}), code);
  // A second instance may still be telling the first; a real one waits for that as well.
  void (lock?.release() ?? Promise.resolve()).then(() => {
    if (process.connected) process.disconnect();
    process.exit(code);
  });
}

const folders: Record<string, () => string> = {
  userData: () => setup.userData,
  temp: () => join(setup.userData, 'temp'),
  logs: () => join(setup.userData, 'logs'),
};

const model = {
  on(name: string, listener: (...args: never[]) => void) {
    events.on(name, listener as (...args: unknown[]) => void);
    return app;
  },
  whenReady: () => whenReady,
  isReady,
  isPackaged: setup.packaged,
  getVersion: () => setup.version,
  getAppPath: () => setup.appPath,
  getPath(name: string) {
    const folder = folders[name];
    if (folder === undefined) throw new Error(`electron double: app.getPath('${name}') is not modelled`);
    mkdirSync(folder(), { recursive: true });
    return folder();
  },
  setAppUserModelId: (id: string) => record('app.setAppUserModelId', id),
  enableSandbox() {
    if (ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    record('app.enableSandbox');
  },
  requestSingleInstanceLock(additionalData?: Record<string, unknown>) {
    lock = requestLock(setup.userData, additionalData ?? {});
    record('app.requestSingleInstanceLock', lock.held);
    return lock.held;
  },
  quit() {
    if (quitting || exiting) return;
    const event = makeEvent({});
    quitting = true;
    emitApp('before-quit', event);
    if (event.defaultPrevented) {
      quitting = false;
    } else if (openWindows.size === 0) {
      shutDown();
    } else {
      for (const window of [...openWindows.values()]) if (quitting) window.close();
    }
  },
  exit(code = 0) {
    if (exiting) return;
    exiting = true;
    record('app.exit', code);
    for (const window of [...openWindows.values()]) window.destroy();
    end(code);
  },
} satisfies Partial<Omit<App, 'on' | 'getPath'>> & Record<string, unknown>;

export const app = strict('app', model);
