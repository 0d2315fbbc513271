// `webContents` and its frames: the main process's picture of a page that really runs in Chromium, in the
// test process. Events are emitted as that process reports them. Made by browser-window.ts.
import { EventEmitter } from 'node:events';
import type { HandlerDetails, WebContents, WindowOpenHandlerResponse } from 'electron';
import type { FrameFacts } from '../wire.ts';
import { clonedForIpc, makeEvent, record, send, strict } from './link.ts';

type OpenHandler = (details: HandlerDetails) => WindowOpenHandlerResponse;

export interface ContentsDouble {
  /** What the app sees. */
  api: WebContents;
  /** Emits with a preventable event; true if it was prevented. */
  emit(name: string, facts: object, ...rest: unknown[]): boolean;
  open(url: string): WindowOpenHandlerResponse;
  setUrl(url: string): void;
  destroy(): void;
}

export function frameDouble(facts: FrameFacts): object {
  const top = strict('WebFrameMain', { url: facts.url, parent: null });
  return facts.isMain ? top : strict('WebFrameMain', { url: facts.url, parent: top });
}

export function createContents(id: number): ContentsDouble {
  const events = new EventEmitter();
  let destroyed = false;
  let currentUrl = '';
  let openHandler: OpenHandler | undefined;

  const model = {
    id,
    on(name: string, listener: (...args: unknown[]) => void) {
      events.on(name, listener);
      return api;
    },
    once(name: string, listener: (...args: unknown[]) => void) {
      events.once(name, listener);
      return api;
    },
    isDestroyed: () => destroyed,
    getURL: () => currentUrl,
    send(channel: string, ...args: unknown[]) {
      if (destroyed) throw new TypeError('Object has been destroyed');
      send({ type: 'window-ipc', windowId: id, channel, args: clonedForIpc(args) });
    },
    reload() {
      record('webContents.reload', id);
      send({ type: 'window-reload', windowId: id });
    },
    setWindowOpenHandler(handler: OpenHandler) {
      openHandler = handler;
    },
  } satisfies Pick<
    WebContents,
    'id' | 'isDestroyed' | 'getURL' | 'send' | 'reload' | 'setWindowOpenHandler'
  > &
    Record<'on' | 'once', unknown>;
  const api = strict('webContents', model) as unknown as WebContents;

  return {
    api,
    emit(name, facts, ...rest) {
      const event = makeEvent(facts);
      events.emit(name, event, ...rest);
      return event.defaultPrevented;
    },
    open(url) {
      // Without a handler Electron opens the window: the default the checklist warns of.
      if (openHandler === undefined) return { action: 'allow' };
      return openHandler({
        url,
        frameName: '',
        features: '',
        disposition: 'new-window',
        referrer: { url: '', policy: 'default' },
      });
    },
    setUrl(url) {
      currentUrl = url;
    },
    destroy() {
      destroyed = true;
      events.emit('destroyed');
    },
  };
}
