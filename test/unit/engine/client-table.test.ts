import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import {
  CLIENTS_MAX,
  ClientTable,
  clientKey,
  connectionsIn,
  createClientTable,
} from '../../../src/main/engine/client-table.ts';

function setUp() {
  const memory = createClientTable();
  const words = new Int32Array(memory);
  const table = new ClientTable(memory);
  return {
    add: (address: string, by: number, slot = 1) => table.add(clientKey(slot, address), by),
    count: (address: string, slot = 1) => connectionsIn(words, clientKey(slot, address)),
  };
}

describe('the table of clients', () => {
  it('counts each client at each listener by itself', () => {
    const { add, count } = setUp();
    add('10.0.0.1', 1);
    add('10.0.0.1', 1);
    add('10.0.0.2', 1);
    add('10.0.0.1', 3, 2);
    expect([count('10.0.0.1'), count('10.0.0.2'), count('10.0.0.1', 2), count('10.0.0.3')]).toEqual([
      2, 1, 3, 0,
    ]);
  });

  it('forgets a client without connections, and one it never knew may leave', () => {
    const { add, count } = setUp();
    add('10.0.0.1', 1);
    add('10.0.0.1', -1);
    add('10.0.0.2', -1);
    expect([count('10.0.0.1'), count('10.0.0.2')]).toEqual([0, 0]);
    add('10.0.0.1', 1);
    expect(count('10.0.0.1')).toBe(1);
  });

  it('holds so many clients at a time, in chains that survive whoever leaves them', () => {
    const { add, count } = setUp();
    const address = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
    for (let i = 0; i < CLIENTS_MAX; i++) add(address(i), 1 + (i % 3));
    add('one.too.many', 1);
    expect(count('one.too.many')).toBe(0);
    for (let i = 0; i < CLIENTS_MAX; i += 2) add(address(i), -1 - (i % 3));
    for (let i = 0; i < CLIENTS_MAX; i++) expect(count(address(i))).toBe(i % 2 === 0 ? 0 : 1 + (i % 3));
    add('one.too.many', 1);
    expect(count('one.too.many')).toBe(1);
  });

  it('is read although the thread that writes it has died in a change', () => {
    const memory = createClientTable();
    const words = new Int32Array(memory);
    const key = clientKey(1, '10.0.0.1');
    new ClientTable(memory).add(key, 2);
    // The last word is odd while a change is under way.
    words[words.length - 1]! += 1;
    expect(connectionsIn(words, key)).toBe(2);
  });

  it('is never read in the middle of a change by another thread', async () => {
    const bucket = (address: string): number => (clientKey(1, address)[0] ?? 0) & 16_383;
    const addresses = Array.from({ length: 100_000 }, (_, i) => `client ${i}`);
    const [stays = '', comes = '', other = ''] = addresses.filter(
      (address) => bucket(address) === bucket('client 0'),
    );
    const elsewhere = addresses.find((address) => bucket(address) !== bucket(stays)) ?? '';
    const memory = createClientTable();
    const come = [
      { address: comes, connections: 1 },
      { address: elsewhere, connections: 5 },
      { address: other, connections: 1 },
    ];
    const worker = new Worker(new URL('../../support/client-table-writer.ts', import.meta.url), {
      workerData: { memory, stays, come },
    });
    await once(worker, 'message');
    const words = new Int32Array(memory);
    const [kept, changing] = [clientKey(1, stays), clientKey(1, comes)];
    const read = { kept: new Set<number>(), changing: new Set<number>() };
    // On a busy machine the writer may not have a core for a while.
    for (let i = 0; i < 1_000_000 || (read.changing.size < 2 && i < 50_000_000); i++) {
      read.kept.add(connectionsIn(words, kept));
      read.changing.add(connectionsIn(words, changing));
    }
    await worker.terminate();
    expect(read).toEqual({ kept: new Set([1]), changing: new Set([0, 1]) });
  });
});
