// How many connections each client has open at the listeners of one engine thread, in memory the other
// threads read: a hash table with chains, written by its thread alone. Invariant: whoever reads sees the
// table between two changes of its chains, never within one: the writer counts them, at either end of
// each, and a reader that finds another count afterwards reads again. Used by shared-clients.ts; the core
// makes the memory, and clears it when the thread is gone.
import { hash } from 'node:crypto';

const BUCKETS = 16_384;
/** Clients at a time. More than these are counted by their thread alone. */
export const CLIENTS_MAX = 16_384;
const KEY_WORDS = 4;
const COUNT = 4;
/** Number of the next entry in the chain; 0: none. Entries are numbered from 1. */
const NEXT = 5;
const ENTRY_WORDS = 6;
/** How often chains have begun or ended to change: odd while they do. */
const CHANGES = BUCKETS + CLIENTS_MAX * ENTRY_WORDS;
/** A change takes nanoseconds, unless its thread has lost its core in it, or has just died. */
const READS_AT_ONCE = 100;
const READS_MAX = READS_AT_ONCE + 20;
const READ_AGAIN_MS = 1;

/** Who: a client at a listener. Long enough that no two are alike. */
export type ClientKey = Int32Array;

export function createClientTable(): SharedArrayBuffer {
  return new SharedArrayBuffer((CHANGES + 1) * Int32Array.BYTES_PER_ELEMENT);
}

/** `slot`: the listener's row. */
export function clientKey(slot: number, address: string): ClientKey {
  const digest = hash('sha256', `${slot} ${address}`, 'buffer');
  return Int32Array.from({ length: KEY_WORDS }, (_, word) => digest.readInt32LE(word * 4));
}

/** What the thread of `words` has open from a client. */
export function connectionsIn(words: Int32Array, key: ClientKey): number {
  let count = 0;
  for (let reads = 0; reads < READS_MAX; reads++) {
    const changes = Atomics.load(words, CHANGES);
    const at = find(words, key);
    count = at === -1 ? 0 : Atomics.load(words, at + COUNT);
    if (changes % 2 === 0 && Atomics.load(words, CHANGES) === changes) break;
    // Asleep, it leaves its core to the one that is waited for.
    if (reads >= READS_AT_ONCE) Atomics.wait(words, CHANGES, changes, READ_AGAIN_MS);
  }
  return count;
}

export class ClientTable {
  readonly #words: Int32Array;
  readonly #free: number[] = [];
  #used = 0;

  /** `memory` is all zeros. */
  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  /** The client has `by` connections more, or less. */
  add(key: ClientKey, by: number): void {
    const at = find(this.#words, key);
    const count = at === -1 ? by : this.#words[at + COUNT]! + by;
    if (count > 0) {
      if (at === -1) this.#link(key, count);
      else Atomics.store(this.#words, at + COUNT, count);
    } else if (at !== -1) this.#unlink(key, at);
  }

  #link(key: ClientKey, count: number): void {
    const words = this.#words;
    const entry = this.#free.pop() ?? (this.#used < CLIENTS_MAX ? ++this.#used : 0);
    if (entry === 0) return;
    const at = offsetOf(entry);
    Atomics.add(words, CHANGES, 1);
    words.set(key, at);
    words[at + COUNT] = count;
    words[at + NEXT] = words[bucketOf(key)]!;
    Atomics.store(words, bucketOf(key), entry);
    Atomics.add(words, CHANGES, 1);
  }

  #unlink(key: ClientKey, at: number): void {
    const words = this.#words;
    let link = bucketOf(key);
    while (offsetOf(words[link]!) !== at) link = offsetOf(words[link]!) + NEXT;
    this.#free.push(words[link]!);
    Atomics.add(words, CHANGES, 1);
    Atomics.store(words, link, words[at + NEXT]!);
    Atomics.add(words, CHANGES, 1);
  }
}

function bucketOf(key: ClientKey): number {
  return key[0]! & (BUCKETS - 1);
}

function offsetOf(entry: number): number {
  return BUCKETS + (entry - 1) * ENTRY_WORDS;
}

/** Where the entry of a client begins; -1: there is none. */
function find(words: Int32Array, key: ClientKey): number {
  let entry = Atomics.load(words, bucketOf(key));
  // Bounded: a chain that is being changed could lead in a circle for a moment.
  for (let steps = 0; entry !== 0 && steps < CLIENTS_MAX; steps++) {
    const at = offsetOf(entry);
    let same = 0;
    while (same < KEY_WORDS && words[at + same] === key[same]) same++;
    if (same === KEY_WORDS) return at;
    entry = Atomics.load(words, at + NEXT);
  }
  return -1;
}
