// Who gets a backend and who waits, with backends and requests made of a few words.
import { describe, expect, it } from 'vitest';
import {
  type Applicant,
  assignAtOnce,
  createQueue,
  refreshPool,
  serveQueue,
  waitInLine,
} from '../../../src/main/engine/assignment.ts';
import { createPolicy } from '../../../src/main/engine/balance/registry.ts';
import { createSelector } from '../../../src/main/engine/select.ts';
import type { BackendState, PoolState } from '../../../src/main/engine/state.ts';

interface Scene {
  pool: PoolState;
  backends: Record<string, BackendState>;
  /** What happened to whom, in order: "1→a", "2→none". */
  events: string[];
  request(name: string, ...tried: string[]): Applicant;
  /** Ends one request at a backend. */
  free(backend: string): void;
}

function scene(names: string, maxInFlight: number): Scene {
  const list = [...names].map(
    (name) =>
      ({ name, weight: 1, inFlight: 0, admin: 'enabled', role: 'primary', usable: true }) as BackendState,
  );
  const backends = Object.fromEntries(list.map((backend) => [backend.name, backend]));
  const pool = {
    plan: { fault: '', maxInFlight, forwardWhenAllDown: false, queue: { max: 100, timeoutMs: 1000 } },
    backends: list,
    selector: createSelector(createPolicy('round-robin', { random: () => 0 })),
    queue: createQueue(),
  } as unknown as PoolState;
  refreshPool(pool);
  const events: string[] = [];
  return {
    pool,
    backends,
    events,
    request: (name, ...tried) => ({
      queued: false,
      ahead: null,
      behind: null,
      tried: tried.map((backend) => backends[backend]!),
      assigned(backend) {
        events.push(`${name}→${backend.name}`);
        Object.assign(backend, { inFlight: backend.inFlight + 1 });
      },
      unservable: () => void events.push(`${name}→none`),
    }),
    free(backend) {
      Object.assign(backends[backend]!, { inFlight: backends[backend]!.inFlight - 1 });
      serveQueue(pool);
    },
  };
}

/** Every backend at its limit. */
function full(names: string): Scene {
  const made = scene(names, 1);
  for (const backend of made.pool.backends) Object.assign(backend, { inFlight: 1 });
  return made;
}

describe('a request', () => {
  it('gets a backend at once while one has room', () => {
    const { pool, backends } = scene('ab', 1);
    Object.assign(backends.a!, { inFlight: 1 });
    expect([assignAtOnce(pool)?.name, assignAtOnce(pool)?.name]).toEqual(['b', 'b']);
    Object.assign(backends.b!, { inFlight: 1 });
    expect(assignAtOnce(pool)).toBeUndefined();
  });

  it('does not overtake those who wait', () => {
    const { pool, request, backends } = full('a');
    waitInLine(pool, request('1'));
    Object.assign(backends.a!, { inFlight: 0 });
    expect(assignAtOnce(pool)).toBeUndefined();
  });
});

describe('a backend with room again', () => {
  it('goes to the first who waits', () => {
    const { pool, request, events, free } = full('ab');
    for (const name of ['1', '2', '3']) waitInLine(pool, request(name));
    free('b');
    free('a');
    expect(events).toEqual(['1→b', '2→a']);
    expect(pool.queue.length).toBe(1);
  });

  it('goes past a retry that has been there to the next who has not', () => {
    const { pool, request, events, free } = full('ab');
    waitInLine(pool, request('1', 'a'));
    waitInLine(pool, request('2', 'a'));
    waitInLine(pool, request('3'));
    free('a');
    expect(events).toEqual(['3→a']);
    free('b');
    expect(events).toEqual(['3→a', '1→b']);
  });

  it('serves whom the queue was joined by while only retries stood in the way', () => {
    const { pool, request, events, backends } = full('ab');
    Object.assign(backends.a!, { inFlight: 0 });
    waitInLine(pool, request('1', 'a'));
    waitInLine(pool, request('2'));
    expect(events).toEqual(['2→a']);
  });

  it('is handed on although the one before it gave up at once', () => {
    const { pool, request, events, free } = full('a');
    const gone = request('1');
    waitInLine(pool, { ...gone, assigned: () => void events.push('1 gone') });
    waitInLine(pool, request('2'));
    free('a');
    expect(events).toEqual(['1 gone', '2→a']);
  });
});

describe('a change of the pool', () => {
  it('turns everyone away when nobody can serve any more', () => {
    const { pool, request, events, backends } = full('ab');
    for (const name of ['1', '2']) waitInLine(pool, request(name));
    for (const backend of Object.values(backends)) backend.usable = false;
    refreshPool(pool);
    expect(events).toEqual(['1→none', '2→none']);
    expect(pool.queue.length).toBe(0);
  });

  it('turns a retry away when only backends are left where it has been', () => {
    const { pool, request, events, backends } = full('ab');
    waitInLine(pool, request('1', 'a'));
    waitInLine(pool, request('2'));
    backends.b!.admin = 'draining';
    refreshPool(pool);
    expect([events, pool.queue.length]).toEqual([['1→none'], 1]);
  });

  it('serves the queue from a backend that came back', () => {
    const { pool, request, events, backends } = full('ab');
    backends.b!.usable = false;
    refreshPool(pool);
    Object.assign(backends.b!, { inFlight: 0 });
    waitInLine(pool, request('1'));
    expect(events).toEqual([]);
    backends.b!.usable = true;
    refreshPool(pool);
    expect(events).toEqual(['1→b']);
  });

  it('serves as many as a higher limit has room for, and everyone without a limit', () => {
    const { pool, request, events } = full('a');
    for (const name of ['1', '2', '3', '4']) waitInLine(pool, request(name));
    pool.plan.maxInFlight = 3;
    refreshPool(pool);
    expect(events).toEqual(['1→a', '2→a']);
    pool.plan.maxInFlight = 0;
    refreshPool(pool);
    expect(events).toEqual(['1→a', '2→a', '3→a', '4→a']);
  });
});
