// Limits that several engine threads keep together, over changes of the plan: real threads, because
// what they share comes to them in messages.
import { describe, expect, it } from 'vitest';
import { startBackend } from '../../support/backends.ts';
import { startTestCore, type TestCore } from '../../support/core-harness.ts';
import { RawClient } from '../../support/raw-client.ts';
import { apiConfig } from '../../support/test-config.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';
const portOf = (url: string): number => Number(new URL(url).port);

async function isServed(client: RawClient): Promise<boolean> {
  client.send(GET);
  await client.until(() => client.closed || client.ended || client.received.length > 0);
  return client.text !== '';
}

/** Opens connections until one is refused; how many were let in. */
async function fill(core: TestCore, clients: AsyncDisposableStack): Promise<number> {
  const port = portOf(await core.url());
  for (let letIn = 0; ; letIn++) {
    if (!(await isServed(clients.use(await RawClient.connect(port))))) return letIn;
  }
}

describe.runIf(process.platform === 'linux')('limits of several engine threads', () => {
  it.each(['connections', 'connectionsPerClient'] as const)(
    'of %s count each connection once, however often the plan changes',
    async (limit) => {
      await using one = await startBackend('one');
      const configOf = (weight: number) => ({
        ...apiConfig(
          [{ name: 'one', address: `127.0.0.1:${one.port}`, weight }],
          {},
          { limits: { [limit]: 6 } },
        ),
        engine: { workers: 2 },
      });
      await using core = await startTestCore({ config: configOf(1) });
      const { view } = core;
      await view.until('both serve', () => view.system.engineWorkers === 2);
      await using clients = new AsyncDisposableStack();
      const port = portOf(await core.url());
      for (let i = 0; i < 3; i++)
        expect(await isServed(clients.use(await RawClient.connect(port)))).toBe(true);
      for (const weight of [2, 3, 4]) await view.call('config.apply', { config: configOf(weight) });
      expect(await fill(core, clients)).toBe(3);
    },
  );
});
