// Runs sandboxed in the window before the page: hands it a bridge and no Electron API. The channel name
// is the one src/main/shell/ipc.ts answers.
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { SluiceBridge } from './bridge.ts';

const CHANNEL = 'sluice:rpc';

const bridge: SluiceBridge = {
  post(message) {
    ipcRenderer.send(CHANNEL, message);
  },
  onMessage(listener) {
    // The event object would hand the page `sender`, so only the message goes on.
    const forward = (_event: IpcRendererEvent, message: Parameters<typeof listener>[0]) => listener(message);
    ipcRenderer.on(CHANNEL, forward);
    return () => {
      ipcRenderer.removeListener(CHANNEL, forward);
    };
  },
  platform: process.platform,
  versions: {
    electron: process.versions.electron,
    chrome: process.versions.chrome,
    node: process.versions.node,
  },
};

contextBridge.exposeInMainWorld('sluice', bridge);
