// The engine as a worker thread, as the core starts it: ready first, then commands and reports.

import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { ListenerLimits, ListenerTimeouts } from '#shared/config/listener.ts';
import { PoolKeepAlive, PoolQueue, PoolRetries, PoolTimeouts } from '#shared/config/pool.ts';
import type { EngineCommand, EngineReport } from '../../../src/main/engine/messages.ts';
import { COUNTER, createPage, rowAt } from '../../../src/main/engine/telemetry/layout.ts';
import { RawClient } from '../../support/raw-client.ts';
import { RawServer } from '../../support/raw-server.ts';

describe('the engine thread', () => {
  it('reports ready, serves a plan, shares its counters and stops', async () => {
    await using backend = await RawServer.named('a');
    const worker = new Worker(new URL('../../../src/main/engine/thread.ts', import.meta.url));
    try {
      const next = (): Promise<EngineReport> => new Promise((resolve) => worker.once('message', resolve));
      expect(await next()).toEqual({ type: 'ready' });
      const pages = [createPage()];
      const send = (command: EngineCommand): void => worker.postMessage(command);
      send({
        type: 'apply',
        id: 7,
        pages,
        plan: {
          revision: 3,
          listeners: [
            {
              name: 'web',
              slot: 0,
              host: '127.0.0.1',
              port: 0,
              fault: '',
              tls: null,
              redirectPort: 0,
              trustedProxies: [],
              forwarded: false,
              via: '',
              timeouts: ListenerTimeouts.parse({}),
              limits: ListenerLimits.parse({}),
              routes: [{ name: 'all', host: undefined, pathPrefix: undefined, pool: 'api' }],
            },
          ],
          pools: [
            {
              name: 'api',
              slot: 2,
              policy: 'round-robin',
              forwardWhenAllDown: false,
              protocol: 'http1',
              tls: null,
              fault: '',
              maxInFlight: 0,
              drainMs: 0,
              queue: PoolQueue.parse({}),
              retries: PoolRetries.parse({}),
              timeouts: PoolTimeouts.parse({}),
              keepAlive: PoolKeepAlive.parse({}),
              backends: [
                {
                  name: 'a',
                  slot: 1,
                  host: '127.0.0.1',
                  port: backend.port,
                  weight: 1,
                  admin: 'enabled',
                  drainingSince: 0,
                  role: 'primary',
                  usable: true,
                },
              ],
            },
          ],
        },
      });
      const applied = await next();
      if (applied.type !== 'applied') throw new Error(`not applied but ${applied.type}`);
      expect([applied.id, applied.revision, applied.listeners[0]?.state]).toEqual([7, 3, 'listening']);
      await using client = await RawClient.connect(applied.listeners[0]!.port);
      const response = await client.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n').message();
      expect(response.body).toBe('a');
      const record = await next();
      expect(record.type === 'requests' && record.records[0]?.backend).toBe('a');
      expect(rowAt(pages, 1).counters[COUNTER.requests]).toBe(1);
      send({ type: 'stop', deadlineMs: 1000 });
      expect(await next()).toEqual({ type: 'stopped' });
    } finally {
      await worker.terminate();
    }
  });
});
