// The writer's side of a client table in a thread of its own, as fast as it can: the clients `come` leave
// and return, so that entries are freed and used again all the time; `stays` has one connection throughout.
// Started by client-table.test.ts, ended by it.
import { parentPort, workerData } from 'node:worker_threads';
import { ClientTable, clientKey } from '../../src/main/engine/client-table.ts';

interface Writing {
  memory: SharedArrayBuffer;
  stays: string;
  come: { address: string; connections: number }[];
}

if (parentPort !== null) {
  const { memory, stays, come }: Writing = workerData;
  const table = new ClientTable(memory);
  const coming = come.map(({ address, connections }) => ({ key: clientKey(1, address), connections }));
  table.add(clientKey(1, stays), 1);
  parentPort.postMessage('begun');
  for (;;) {
    for (const { key, connections } of coming) {
      table.add(key, connections);
      table.add(key, -connections);
    }
  }
}
