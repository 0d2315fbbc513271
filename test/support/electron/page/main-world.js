// Page side of the bridge: defines what the preload exposes as frozen, fixed properties of `window`, and
// leaves no other trace. Which of the two worlds runs first is not fixed, so each announces itself.
// biome-ignore lint/correctness/noUnusedVariables: page-scripts.ts appends the call
function mainWorld(channel) {
  if (window.top !== window.self) return;
  const { unpack } = worldBridge(channel, 'main', 'isolated');
  addEventListener(`${channel}:expose`, (event) => {
    const { name, api } = JSON.parse(event.detail);
    Object.defineProperty(window, name, {
      value: deepFreeze(unpack(api)),
      enumerable: true,
      writable: false,
      configurable: false,
    });
  });
  const announce = () => dispatchEvent(new CustomEvent(`${channel}:main-ready`));
  addEventListener(`${channel}:isolated-ready`, announce);
  announce();

  function deepFreeze(value) {
    if (typeof value !== 'object' || value === null) return value;
    for (const item of Object.values(value)) deepFreeze(item);
    return Object.freeze(value);
  }
}
