// `BrowserWindow`: options recorded, a page opened in Chromium through the wire, and the window events the
// system would send. Closing asks the app first, as the system's close button does.
import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  BrowserWindow as BrowserWindowType,
  Rectangle,
} from 'electron';
import { emitApp, openWindows, quitRefused, requireReady, windowClosed } from './app.ts';
import { makeEvent, record, send, strict } from './link.ts';
import { type ContentsDouble, createContents } from './web-contents.ts';

let nextId = 1;

/** What the double must not be asked to do: options it would silently ignore. */
function refuseUnsafe(options: BrowserWindowConstructorOptions): string {
  const web = options.webPreferences ?? {};
  if (typeof web.preload !== 'string')
    throw new Error('electron double: a window without a preload is not modelled');
  if (web.sandbox !== true || web.contextIsolation !== true || web.nodeIntegration !== false) {
    throw new Error('electron double: only sandboxed, isolated pages are modelled');
  }
  return web.preload;
}

export class WindowDouble {
  readonly id: number;
  readonly options: BrowserWindowConstructorOptions;
  readonly contents: ContentsDouble;
  visible = false;
  focused = false;
  minimized = false;
  maximized = false;
  destroyed = false;
  bounds: Rectangle;
  private readonly events = new EventEmitter();
  private shownOnce = false;
  private settleLoad: ((error: string | undefined) => void) | undefined;

  constructor(options: BrowserWindowConstructorOptions) {
    requireReady('Cannot create BrowserWindow before app is ready');
    const preload = refuseUnsafe(options);
    this.id = nextId++;
    this.options = options;
    this.visible = options.show !== false;
    this.bounds = {
      x: options.x ?? 0,
      y: options.y ?? 0,
      width: options.width ?? 800,
      height: options.height ?? 600,
    };
    record('BrowserWindow', options);
    this.contents = createContents(this.id);
    openWindows.set(this.id, this);
    send({
      type: 'window-open',
      windowId: this.id,
      preload,
      width: this.bounds.width,
      height: this.bounds.height,
    });
    emitApp('web-contents-created', makeEvent({}), this.contents.api);
  }

  on(name: string, listener: (...args: unknown[]) => void): void {
    this.events.on(name, listener);
  }

  once(name: string, listener: (...args: unknown[]) => void): void {
    this.events.once(name, listener);
  }

  emit(name: string, ...args: unknown[]): void {
    record(`window:${name}`, this.id);
    this.events.emit(name, ...args);
  }

  load(url: string): Promise<void> {
    record('BrowserWindow.loadURL', url);
    send({ type: 'window-load', windowId: this.id, url });
    return new Promise((resolve, reject) => {
      this.settleLoad = (error) => (error === undefined ? resolve() : reject(new Error(error)));
    });
  }

  /** The page has loaded, or could not. */
  loaded(url: string, error: string | undefined): void {
    if (this.destroyed) return;
    if (error === undefined) {
      this.contents.setUrl(url);
      this.contents.emit('dom-ready', {});
      this.contents.emit('did-finish-load', {});
      if (!this.shownOnce) this.emit('ready-to-show');
      this.shownOnce = true;
    }
    this.settleLoad?.(error);
    this.settleLoad = undefined;
  }

  setVisible(visible: boolean): void {
    if (this.visible === visible) return;
    this.visible = visible;
    if (!visible) this.focused = false;
    send({ type: 'window-visible', windowId: this.id, visible });
    this.emit(visible ? 'show' : 'hide');
  }

  close(): void {
    if (this.destroyed) return;
    const event = makeEvent({});
    this.emit('close', event);
    if (event.defaultPrevented) quitRefused();
    else this.destroy();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.contents.destroy();
    send({ type: 'window-closed', windowId: this.id });
    this.emit('closed');
    windowClosed(this.id);
  }
}

export function windowOf(id: number): WindowDouble {
  const window = openWindows.get(id);
  if (!(window instanceof WindowDouble)) throw new Error(`electron double: there is no window ${id}`);
  return window;
}

type Modelled =
  | 'id'
  | 'webContents'
  | 'loadURL'
  | 'show'
  | 'hide'
  | 'focus'
  | 'restore'
  | 'maximize'
  | 'isMinimized'
  | 'isMaximized'
  | 'isFullScreen'
  | 'isDestroyed'
  | 'getNormalBounds';

/** What `new BrowserWindow()` gives the app: the modelled methods and nothing else. */
function facade(window: WindowDouble): object {
  const alive = () => {
    if (window.destroyed) throw new TypeError('Object has been destroyed');
    return window;
  };
  const api = {
    id: window.id,
    get webContents() {
      return alive().contents.api;
    },
    on(name: string, listener: (...args: unknown[]) => void) {
      alive().on(name, listener);
      return proxied;
    },
    once(name: string, listener: (...args: unknown[]) => void) {
      alive().once(name, listener);
      return proxied;
    },
    loadURL: (url: string) => alive().load(url),
    show() {
      alive().setVisible(true);
      window.focused = true;
    },
    hide: () => alive().setVisible(false),
    focus() {
      alive().focused = window.visible;
    },
    restore() {
      alive().minimized = false;
      window.setVisible(true);
    },
    maximize() {
      alive().maximized = true;
    },
    isMinimized: () => alive().minimized,
    isMaximized: () => alive().maximized,
    isFullScreen: () => alive() && false,
    isDestroyed: () => window.destroyed,
    getNormalBounds: () => ({ ...alive().bounds }),
  } satisfies Pick<BrowserWindowType, Modelled> & Record<'on' | 'once', unknown>;
  const proxied = strict('BrowserWindow', api);
  return proxied;
}

export const BrowserWindow = strict(
  'BrowserWindow',
  // A constructor that returns an object yields that object, so `new` gives the strict facade.
  function BrowserWindow(options: BrowserWindowConstructorOptions = {}) {
    return facade(new WindowDouble(options));
  } as unknown as { new (options?: BrowserWindowConstructorOptions): object },
);
