// What plan after plan leaves behind in the engine itself, whose timers no other thread can see: the
// engine runs in this one, under load, and is asked for nothing in the end.
import { describe, expect, it } from 'vitest';
import { EngineCrew } from '../../support/engine-crew.ts';
import { freePort } from '../../support/free-port.ts';
import { Load } from '../../support/load.ts';
import { activeTimers, openDescriptors, settles } from '../../support/open-handles.ts';
import { RandomChanges } from '../../support/random-changes.ts';
import { ok, RawServer } from '../../support/raw-server.ts';

const CHANGES = 200;

describe.runIf(process.platform === 'linux')('200 plans under load', () => {
  it('L1 fail no request and leave no timer and no descriptor of the engine', {
    timeout: 60_000,
  }, async () => {
    const backends = await Promise.all(Array.from({ length: 4 }, () => RawServer.listen(() => ok('a'))));
    await using cleanup = new AsyncDisposableStack();
    for (const backend of backends) cleanup.use(backend);
    const port = await freePort();
    const addresses = backends.map((backend) => `127.0.0.1:${backend.port}`);
    const changes = new RandomChanges(20_263, addresses, port, 1);
    const idle = { version: 1 as const, listeners: [{ name: 'web', port }] };
    await using crew = await EngineCrew.serving(1, idle);
    const before = { descriptors: openDescriptors(), timers: activeTimers() };

    await crew.apply(changes.config);
    const load = Load.start(port, { connections: 24 });
    await load.untilAnswered(100);
    for (let i = 0; i < CHANGES; i++) {
      await crew.apply(changes.next());
      await load.untilAnswered(5);
    }
    await load.stop();
    expect(load.failures).toEqual({});
    await crew.apply(idle);
    expect(await settles(openDescriptors, before.descriptors)).toBeLessThanOrEqual(before.descriptors);
    expect(await settles(activeTimers, before.timers)).toBeLessThanOrEqual(before.timers);
  });
});
