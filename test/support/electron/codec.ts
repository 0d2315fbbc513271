// Text form of what structured clone carries, for the hops that only move strings (CDP). Runs in Node and,
// with its types stripped, in the page; anything it does not model throws instead of changing on the way.

export function encodeValue(value: unknown): unknown {
  if (value === undefined) return { $: 'undefined' };
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $: 'number', v: String(value) };
  if (Array.isArray(value)) return value.map(encodeValue);
  if (typeof value !== 'object')
    throw new Error(`electron double: a ${typeof value} over ipc is not modelled`);
  const tag = Object.prototype.toString.call(value);
  if (tag === '[object Date]') return { $: 'date', v: (value as Date).getTime() };
  if (tag !== '[object Object]') throw new Error(`electron double: ${tag} over ipc is not modelled`);
  const plain = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encodeValue(item)]));
  return Object.hasOwn(plain, '$') ? { $: 'object', v: plain } : plain;
}

export function decodeValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeValue);
  if (typeof value !== 'object' || value === null) return value;
  const tagged = value as { $?: string; v?: unknown };
  switch (tagged.$) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(tagged.v);
    case 'date':
      return new Date(tagged.v as number);
    case 'object':
      return decodeEntries(tagged.v as object);
    default:
      return decodeEntries(value);
  }
}

function decodeEntries(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decodeValue(item)]));
}
