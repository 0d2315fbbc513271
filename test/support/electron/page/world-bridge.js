// Joins the page's world and the preload's isolated world as Electron's contextBridge does: values are
// cloned, functions become proxies that call across, both synchronously. Included in both worlds' scripts
// (see page-scripts.ts); `channel` is a secret of the two, so the page itself cannot join in.
// biome-ignore lint/correctness/noUnusedVariables: the two scripts that include this text call it
function worldBridge(channel, own, other) {
  const functions = new Map();
  let nextId = 1;

  const pack = (value) => {
    if (typeof value === 'function') {
      const id = nextId++;
      functions.set(id, value);
      return { $fn: id };
    }
    if (Array.isArray(value)) return value.map(pack);
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      return { $map: Object.entries(value).map(([key, item]) => [key, pack(item)]) };
    }
    return { $value: encodeValue(cloned(value)) };
  };

  const unpack = (packed) => {
    if (Array.isArray(packed)) return packed.map(unpack);
    if ('$fn' in packed) return (...args) => callOther(packed.$fn, args);
    if ('$map' in packed) return Object.fromEntries(packed.$map.map(([key, item]) => [key, unpack(item)]));
    return decodeValue(packed.$value);
  };

  const callOther = (fn, args) => {
    const call = `${own}-${nextId++}`;
    let answer;
    const onReturn = (event) => {
      answer = JSON.parse(event.detail);
    };
    addEventListener(`${channel}:return:${call}`, onReturn, { once: true });
    dispatchEvent(
      new CustomEvent(`${channel}:call:${other}`, { detail: JSON.stringify({ call, fn, args: pack(args) }) }),
    );
    if (answer === undefined) throw new Error('electron double: the other world is gone');
    if ('error' in answer) throw new Error(answer.error);
    return unpack(answer.value);
  };

  addEventListener(`${channel}:call:${own}`, (event) => {
    const { call, fn, args } = JSON.parse(event.detail);
    let answer;
    try {
      answer = { value: pack(functions.get(fn)(...unpack(args))) };
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    dispatchEvent(new CustomEvent(`${channel}:return:${call}`, { detail: JSON.stringify(answer) }));
  });

  return { pack, unpack };
}

function cloned(value) {
  try {
    return structuredClone(value);
  } catch {
    throw new Error('An object could not be cloned.');
  }
}
