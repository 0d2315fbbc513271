// Preload side: what a sandboxed preload may `require`, as strict as Electron's, around the shipping
// preload file. Messages leave through the CDP binding `__electronSend`, which only this world has.
// biome-ignore lint/correctness/noUnusedVariables: page-scripts.ts appends the call
function isolatedWorld(channel, processFacts, runPreload) {
  if (window.top !== window.self) return;
  const { pack } = worldBridge(channel, 'isolated', 'main');
  const listeners = new Map();
  const exposed = [];
  let mainReady = false;

  const strict = (name, api) =>
    new Proxy(api, {
      get(target, key) {
        if (typeof key === 'symbol' || key in target) return target[key];
        throw new Error(`electron double: ${name}.${key} is not modelled`);
      },
      set(_target, key) {
        throw new Error(`electron double: ${name}.${String(key)} cannot be set`);
      },
    });

  const ipcRenderer = strict('ipcRenderer', {
    send(name, ...args) {
      __electronSend(JSON.stringify({ channel: String(name), args: encodeValue(cloned(args)) }));
    },
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
      return ipcRenderer;
    },
    removeListener(name, listener) {
      const kept = [...(listeners.get(name) ?? [])];
      const index = kept.lastIndexOf(listener);
      if (index !== -1) kept.splice(index, 1);
      listeners.set(name, kept);
      return ipcRenderer;
    },
  });

  const contextBridge = strict('contextBridge', {
    exposeInMainWorld(name, api) {
      if (exposed.some((item) => item.name === name)) {
        throw new Error(`Cannot bind an API on top of an existing property on the window object`);
      }
      exposed.push({ name, api: pack(api) });
      if (mainReady) announce(exposed[exposed.length - 1]);
    },
  });

  const announce = (item) =>
    dispatchEvent(new CustomEvent(`${channel}:expose`, { detail: JSON.stringify(item) }));
  const announceAll = () => {
    if (mainReady) return;
    mainReady = true;
    for (const item of exposed) announce(item);
  };

  globalThis.__electronReceive = (name, args) => {
    for (const listener of listeners.get(name) ?? []) {
      listener(strict('event', { sender: ipcRenderer, ports: [] }), ...decodeValue(args));
    }
  };

  const electron = strict('electron', { contextBridge, ipcRenderer });
  const requireModule = (name) => {
    if (name === 'electron') return electron;
    throw new Error(`electron double: a preload's require(${JSON.stringify(name)}) is not modelled`);
  };
  const module = { exports: {} };
  addEventListener(`${channel}:main-ready`, announceAll);
  runPreload(requireModule, module, module.exports, strict('process', processFacts));
  // When this world runs second, nobody heard main-ready: this asks for it again.
  dispatchEvent(new CustomEvent(`${channel}:isolated-ready`));
}
