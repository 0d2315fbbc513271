// The demo on a whole core: started, running, stopped, found again after a restart.
import { describe, expect, it } from 'vitest';
import { startTestCore, tempDir } from '../../support/core-harness.ts';
import type { CoreView } from '../../support/core-view.ts';
import { type Occupied, occupy } from '../../support/free-port.ts';
import { ask } from '../../support/http-get.ts';

const PREFERRED_PORT = 8080;

/** Whoever has the preferred port, it is not free. */
async function takePreferredPort(): Promise<AsyncDisposable> {
  const taken = await occupy(PREFERRED_PORT).catch((): Occupied | undefined => undefined);
  return { [Symbol.asyncDispose]: async () => taken?.[Symbol.asyncDispose]() };
}

const addresses = (view: CoreView) => view.pool('demo')?.backends.map((backend) => backend.address);
const untilUp = (view: CoreView) =>
  view.until('the demo is up', () => view.pool('demo')?.state === 'up' && view.pool('demo'));

describe('the demo', () => {
  it('runs three live backends behind a listener with some traffic, and leaves nothing when stopped', async () => {
    await using _taken = await takePreferredPort();
    await using core = await startTestCore();
    const { view } = core;
    const [one, two] = await Promise.all([view.call('demo.start', {}), view.call('demo.start', {})]);
    expect(two).toEqual(one);
    expect(one.pool).toBe('demo');
    expect(new URL(one.url).port).not.toBe(String(PREFERRED_PORT));
    const pool = await untilUp(view);
    expect(pool.backends.map((backend) => backend.name)).toEqual(['steady', 'quick', 'moody']);
    expect((await ask(one.url)).status).toBeGreaterThanOrEqual(200);
    await view.until('its own traffic flows', () => (view.pool('demo')?.requestsLastMinute ?? 0) > 5);
    await view.until('it says that it runs', () => view.system.demoRunning);

    expect(await view.call('demo.stop', {})).toEqual({});
    await view.until('it is gone', () => view.status.pools.length === 0 && !view.system.demoRunning);
    expect(view.status.listeners).toEqual([]);
    const urls = [one.url, ...pool.backends.map((backend) => `http://${backend.address}/`)];
    for (const url of urls) await expect(ask(url), url).rejects.toThrow();
    const { revisions } = await view.call('revisions.list', {});
    expect(revisions.map((revision) => revision.note)).toEqual(['stop the demo', 'start the demo']);
  });

  it('that was running when Sluice ended runs again at the same addresses', async () => {
    await using _taken = await takePreferredPort();
    using dir = tempDir();
    let before: string[] | undefined;
    {
      await using core = await startTestCore({ dataDir: dir.path });
      await core.view.call('demo.start', {});
      await untilUp(core.view);
      before = addresses(core.view);
    }
    await using core = await startTestCore({ dataDir: dir.path });
    await untilUp(core.view);
    expect(addresses(core.view)).toEqual(before);
    expect(core.view.system.demoRunning).toBe(true);
    expect((await core.view.call('revisions.list', {})).revisions).toHaveLength(1);
  });

  it('started again adds back the listener that was removed meanwhile', async () => {
    await using _taken = await takePreferredPort();
    await using core = await startTestCore();
    const { view } = core;
    await view.call('demo.start', {});
    await view.call('listeners.remove', { name: 'demo' });
    const again = await view.call('demo.start', {});
    expect((await ask(again.url)).status).toBeGreaterThanOrEqual(200);
  });
});
