// What the shell does around a core thread, with real worker threads:
// - a client's channel reaches the core under its author
// - a crash is reported, clients are told, a new core answers
// - a core that refuses to run is not restarted
// - stopping waits for `stopped`, but not for ever
import { afterEach, describe, expect, it } from 'vitest';
import type { FromCore } from '#shared/rpc/protocol.ts';
import type { CoreOptions } from '../../../src/main/core-messages.ts';
import { type CoreProcess, type CoreState, startCoreProcess } from '../../../src/main/shell/core-process.ts';
import { createRelay } from '../../../src/main/shell/relay.ts';
import type { Script } from '../../support/electron/scripted-core.ts';

const ENTRY = new URL('../../support/electron/scripted-core.ts', import.meta.url);
const running: CoreProcess[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((core) => core.stop({ graceMs: 0, deadlineMs: 0 })));
});

function start(script: Script) {
  const options: CoreOptions = {
    dataDir: 'unused',
    configFile: null,
    host: 'test',
    version: script,
    engineThread: 'unused',
    demoThread: 'unused',
  };
  const states: CoreState[] = [];
  let changed = () => {};
  const core = startCoreProcess(ENTRY, options, (state) => {
    states.push(state);
    changed();
  });
  running.push(core);
  const until = (done: () => boolean) =>
    new Promise<void>((resolve) => {
      changed = () => {
        if (done()) resolve();
      };
      changed();
    });
  const kinds = () => states.map((state) => state.kind);
  return { core, states, kinds, until };
}

/** A page behind a relay: sends messages and awaits what comes back. */
function openPage(core: CoreProcess) {
  const received: FromCore[] = [];
  let arrived = () => {};
  const relay = createRelay(
    () => core.connect('window'),
    (message) => {
      received.push(message);
      arrived();
    },
  );
  const next = (index: number) =>
    new Promise<FromCore>((resolve) => {
      arrived = () => {
        const message = received[index];
        if (message !== undefined) resolve(message);
      };
      arrived();
    });
  return { relay, received, next };
}

describe('a core thread', () => {
  it('answers a page through its relay under the window’s name', async () => {
    const { core, kinds } = start('works');
    const page = openPage(core);
    page.relay.receive({ t: 'call', id: 3, op: 'system.info', input: {} });
    expect(await page.next(0)).toMatchObject({
      t: 'result',
      id: 3,
      result: { ok: true, value: { op: 'system.info', author: 'window' } },
    });
    expect(kinds()).toEqual(['starting', 'running']);
  });

  it('is started again after a crash; its page is told and reaches the new one', async () => {
    const { core, kinds, states, until } = start('works');
    const page = openPage(core);
    page.relay.receive({ t: 'call', id: 1, op: 'system.info', input: {} });
    await page.next(0);
    page.relay.receive({ t: 'call', id: 2, op: 'crash', input: {} });
    expect(await page.next(1)).toMatchObject({ t: 'fatal' });
    await until(() => kinds().filter((kind) => kind === 'running').length === 2);
    page.relay.receive({ t: 'call', id: 3, op: 'system.info', input: {} });
    expect(await page.next(2)).toMatchObject({ t: 'result', id: 3 });
    expect(kinds()).toEqual(['starting', 'running', 'crashed', 'starting', 'running']);
    expect(states[2]).toMatchObject({ retryInMs: 100, message: expect.stringContaining('scripted crash') });
  });

  it('waits longer each time it dies at once, and says so to a page that asks meanwhile', async () => {
    const { core, states, kinds, until } = start('dies');
    await until(() => kinds().filter((kind) => kind === 'crashed').length === 2);
    const delays = states.flatMap((state) => (state.kind === 'crashed' ? [state.retryInMs] : []));
    expect(delays).toEqual([100, 200]);
    const page = openPage(core);
    page.relay.receive({ t: 'subscribe' });
    expect(await page.next(0)).toMatchObject({ t: 'fatal' });
  });

  it('is not started again when it says that it cannot run', async () => {
    const { core, states, until } = start('refuses');
    await until(() => states.length === 2);
    expect(states[1]).toEqual({ kind: 'failed', message: 'Another Sluice uses this folder.' });
    expect(core.connect('window')).toBeUndefined();
  });

  it('stops when asked and is not taken for crashed', async () => {
    const { core, kinds, until } = start('works');
    await until(() => kinds().includes('running'));
    await core.stop({ graceMs: 0, deadlineMs: 5_000 });
    expect(kinds()).toEqual(['starting', 'running', 'stopped']);
  });

  it('is ended at the deadline when it does not answer', async () => {
    const { core, kinds, until } = start('hangs');
    await until(() => kinds().includes('running'));
    await core.stop({ graceMs: 0, deadlineMs: 50 });
    expect(kinds().at(-1)).toBe('stopped');
  });

  it('hears nothing more for a page that was reloaded', async () => {
    const { core } = start('works');
    const page = openPage(core);
    page.relay.receive({ t: 'call', id: 1, op: 'one', input: {} });
    page.relay.reset();
    page.relay.receive({ t: 'call', id: 2, op: 'two', input: {} });
    await page.next(0);
    expect(page.received).toMatchObject([{ t: 'result', id: 2, result: { value: { op: 'two' } } }]);
  });
});
