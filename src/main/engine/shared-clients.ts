// The clients of every engine thread: what this one writes and what it reads of the others, so that a limit
// per client holds over all of them. There is nothing of it while there is one thread. Made by shared-load.ts
// when the crew changes; listen/client-census.ts asks it.
import { type ClientKey, ClientTable, connectionsIn } from './client-table.ts';

export class SharedClients {
  readonly own: ClientTable;
  #others: Int32Array[] = [];

  constructor(own: SharedArrayBuffer) {
    this.own = new ClientTable(own);
  }

  setOthers(others: readonly SharedArrayBuffer[]): void {
    this.#others = others.map((memory) => new Int32Array(memory));
  }

  elsewhere(key: ClientKey): number {
    return this.#others.reduce((sum, words) => sum + connectionsIn(words, key), 0);
  }
}
