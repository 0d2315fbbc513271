// The one IPC channel: checks who sent each message and hands it to that window's relay. A message from
// anything but our own page's main frame is dropped and logged. Called by start.ts for each window.
import { type BrowserWindow, type IpcMainEvent, ipcMain } from 'electron';
import type { CoreProcess } from './core-process.ts';
import { isOwnPage } from './navigation.ts';
import { createRelay, isToCore, type Relay } from './relay.ts';

/** The preload sends and receives on the same name. */
export const RPC_CHANNEL = 'sluice:rpc';

export interface RpcChannel {
  /** Serves a window's page until the window is destroyed. */
  attach(window: BrowserWindow): void;
}

export function openRpcChannel(core: CoreProcess, devServer: string | undefined): RpcChannel {
  const relays = new Map<number, Relay>();

  ipcMain.on(RPC_CHANNEL, (event, message: unknown) => {
    const refusal = refuseSender(event, devServer) ?? (isToCore(message) ? undefined : 'malformed message');
    const relay = relays.get(event.sender.id);
    if (refusal !== undefined || relay === undefined) {
      console.warn(`sluice: ignored a window message: ${refusal ?? 'unknown window'}`);
    } else if (isToCore(message)) {
      relay.receive(message);
    }
  });

  return {
    attach(window) {
      const contents = window.webContents;
      const id = contents.id;
      const relay = createRelay(
        () => core.connect('window'),
        (message) => {
          if (!contents.isDestroyed()) contents.send(RPC_CHANNEL, message);
        },
      );
      relays.set(id, relay);
      contents.on('did-start-navigation', (details) => {
        if (details.isMainFrame && !details.isSameDocument) relay.reset();
      });
      contents.on('render-process-gone', () => relay.reset());
      contents.once('destroyed', () => {
        relays.delete(id);
        relay.reset();
      });
    },
  };
}

/** Why a message must not be believed, or undefined. */
function refuseSender(event: IpcMainEvent, devServer: string | undefined): string | undefined {
  const frame = event.senderFrame;
  if (frame === null) return 'its frame is gone';
  if (frame.parent !== null) return 'not sent by the main frame';
  return isOwnPage(frame.url, devServer) ? undefined : 'sent by a foreign page';
}
