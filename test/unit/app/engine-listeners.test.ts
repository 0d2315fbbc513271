import { describe, expect, it } from 'vitest';
import { createListenerView } from '../../../src/main/app/engine-listeners.ts';
import { WAITS_FOR_LEAD } from '../../../src/main/engine/crew.ts';
import type { ListenerReport } from '../../../src/main/engine/messages.ts';
import { planOf } from '../../support/engine-plan.ts';

const plan = (...ports: number[]) =>
  planOf({ version: 1, listeners: ports.map((port, i) => ({ name: `l${i}`, port })), pools: [] });
const listening = (name: string, port: number): ListenerReport => ({
  name,
  state: 'listening',
  host: '127.0.0.1',
  port,
  error: '',
});
const failed = (name: string, error: string): ListenerReport => ({
  ...listening(name, 0),
  state: 'failed',
  error,
});

describe('what the threads say of their listeners', () => {
  it('is listening when all listen, failed when one has failed, and nothing while nobody has answered', () => {
    const view = createListenerView();
    const round = view.planned(plan(8080, 8081, 8082));
    view.applied(0, round, 1, [listening('l0', 8080), listening('l1', 8081)]);
    view.applied(1, round, 1, [listening('l0', 8080), failed('l1', 'no')]);
    expect(view.merged()).toEqual([listening('l0', 8080), failed('l1', 'no')]);
    view.heard(1, [listening('l1', 8081)]);
    expect(view.merged()).toEqual([listening('l0', 8080), listening('l1', 8081)]);
  });

  it('names the old address as long as one thread serves it, though another has begun since', () => {
    const view = createListenerView();
    const round = view.planned(plan(8080));
    const serving = { ...failed('l0', 'no'), servedAddress: '127.0.0.1:8079' };
    view.applied(0, round, 1, [failed('l0', 'no')]);
    view.applied(1, round, 1, [serving]);
    expect(view.merged()).toEqual([serving]);
  });

  it('does not count one that waits for the lead', () => {
    const view = createListenerView();
    const round = view.planned(plan(8080));
    view.applied(1, round, 1, [failed('l0', WAITS_FOR_LEAD)]);
    expect([view.merged(), view.waits(1), view.held()]).toEqual([[], true, []]);
    view.applied(0, round, 1, [listening('l0', 8080)]);
    expect(view.merged()).toEqual([listening('l0', 8080)]);
  });

  it('is of the oldest revision any thread runs, and of none without a thread', () => {
    const view = createListenerView();
    expect(view.revision()).toBe(0);
    view.applied(0, view.planned(plan()), 3, []);
    view.applied(1, view.planned(plan()), 4, []);
    expect([view.revision(), view.runs(0), view.runs(2)]).toEqual([3, true, false]);
    view.forget(0);
    expect(view.revision()).toBe(4);
  });

  it('names the port the system chose, also when every thread that had it is gone', () => {
    const view = createListenerView();
    view.applied(0, view.planned(plan(0)), 1, [listening('l0', 41_000)]);
    view.forget(0);
    expect(view.held()).toEqual([{ name: 'l0', host: '127.0.0.1', port: 0, boundPort: 41_000 }]);
  });

  it('says nothing about the addresses of a newer plan', () => {
    const view = createListenerView();
    const round = view.planned(plan(8080));
    view.planned(plan(8081));
    view.applied(0, round, 1, [listening('l0', 8080)]);
    expect(view.held()).toEqual([]);
  });

  it('keeps an address for one plan more than its listener, because threads let go one after the other', () => {
    const view = createListenerView();
    view.applied(0, view.planned(plan(8080)), 1, [listening('l0', 8080)]);
    view.applied(0, view.planned(plan()), 2, []);
    expect(view.held()).toHaveLength(1);
    view.planned(plan());
    expect(view.held()).toEqual([]);
  });
});
