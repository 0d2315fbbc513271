// The rpc protocol over in-memory ports: calls are answered with envelopes whatever happens, events
// follow their snapshot in order, a gap makes the client ask again, a lost port settles every call.
import { describe, expect, it } from 'vitest';
import type { Event, Snapshot } from '#shared/contract.ts';
import { AppError } from '#shared/errors.ts';
import { connect } from '#shared/rpc/connect.ts';
import type { FromCore, ToCore } from '#shared/rpc/protocol.ts';
import { type Handlers, type Service, serve } from '#shared/rpc/serve.ts';
import { memoryPorts } from '../../support/memory-ports.ts';

const settingsEvent: Event = { type: 'settings', value: { theme: 'dark', closeToTray: true } };

function service(handlers: Partial<Handlers> = {}) {
  const listeners = new Set<(seq: number, event: Event) => void>();
  const bugs: string[] = [];
  let seq = 7;
  const value: Service = {
    handlers: handlers as Handlers,
    events: {
      snapshot: () => ({ seq, snapshot: { marker: seq } as unknown as Snapshot }),
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    onBug: (operation) => bugs.push(operation),
  };
  const emit = (event: Event, step = 1) => {
    seq += step;
    for (const listener of listeners) listener(seq, event);
  };
  return { value, bugs, emit, listeners };
}

function connected(handlers: Partial<Handlers> = {}) {
  const [corePort, clientPort] = memoryPorts<FromCore, ToCore>(structuredClone);
  const served = service(handlers);
  const end = serve(corePort, served.value, { author: 'window' });
  return { ...served, end, client: connect(clientPort) };
}

/** Lets every message that is under way arrive. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a call', () => {
  it('answers with the value of its handler, called with parsed input and the caller', async () => {
    const seen: unknown[] = [];
    const { client } = connected({
      'revisions.list': (input, caller) => {
        seen.push(input, caller);
        return { revisions: [] };
      },
    });
    expect(await client.call('revisions.list', {})).toEqual({ ok: true, value: { revisions: [] } });
    expect(seen).toEqual([{ limit: 50 }, { author: 'window' }]);
  });

  it('answers invalid input with every issue and never runs the handler', async () => {
    const { client } = connected({
      'backends.setWeight': () => {
        throw new Error('must not run');
      },
    });
    const result = await client.call('backends.setWeight', { pool: '', backend: 'b', weight: 5000 });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'invalid', issues: [{ path: 'pool' }, { path: 'weight' }] },
    });
  });

  it('answers an expected refusal with its code and a bug with `internal`, reporting it once', async () => {
    const { client, bugs } = connected({
      'status.get': () => {
        throw new AppError('not-found', 'no such thing');
      },
      'system.get': () => {
        throw new TypeError('oops');
      },
    });
    expect(await client.call('status.get', {})).toEqual({
      ok: false,
      error: { code: 'not-found', message: 'no such thing' },
    });
    expect(await client.call('system.get', {})).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(bugs).toEqual(['system.get']);
  });

  it('names an operation that does not exist, also one named like an object method', async () => {
    const { client } = connected();
    for (const name of ['nope', 'toString', '__proto__']) {
      expect(await client.call(name as 'status.get', {})).toMatchObject({
        ok: false,
        error: { code: 'not-found' },
      });
    }
  });

  it('settles as unavailable when the port closes under it, and at once afterwards', async () => {
    const { client, end } = connected({ 'status.get': () => new Promise<never>(() => undefined) });
    const reasons: string[] = [];
    client.onLost((reason) => reasons.push(reason));
    const pending = client.call('status.get', {});
    end();
    expect(await pending).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(await client.call('status.get', {})).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(reasons).toHaveLength(1);
  });
});

describe('a subscription', () => {
  it('gets one snapshot, then every event after it in order', async () => {
    const { client, emit } = connected();
    const got: unknown[] = [];
    client.subscribe({
      onSnapshot: (snapshot) => got.push(snapshot),
      onEvent: (event) => got.push(event.type),
    });
    await settle();
    emit(settingsEvent);
    emit(settingsEvent);
    await settle();
    expect(got).toEqual([{ marker: 7 }, 'settings', 'settings']);
  });

  it('takes a new snapshot when an event is missing', async () => {
    const { client, emit } = connected();
    const got: unknown[] = [];
    client.subscribe({
      onSnapshot: (snapshot) => got.push(snapshot),
      onEvent: (event) => got.push(event.type),
    });
    await settle();
    emit(settingsEvent, 2);
    await settle();
    emit(settingsEvent);
    await settle();
    expect(got).toEqual([{ marker: 7 }, { marker: 9 }, 'settings']);
  });

  it('ends when the client leaves it and when the port closes', async () => {
    const { client, listeners, end } = connected();
    const stop = client.subscribe({ onSnapshot: () => undefined, onEvent: () => undefined });
    await settle();
    expect(listeners.size).toBe(1);
    stop();
    await settle();
    expect(listeners.size).toBe(0);
    client.subscribe({ onSnapshot: () => undefined, onEvent: () => undefined });
    await settle();
    end();
    expect(listeners.size).toBe(0);
  });
});
