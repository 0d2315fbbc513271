// The contract is the same over every carrier: every operation answers the same envelope, every refusal
// names the same issues, every subscription is one snapshot and then events without a gap.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENTS, OPERATIONS, type OperationName, Snapshot } from '#shared/contract.ts';
import type { Result } from '#shared/errors.ts';
import type { ClientPort, FromCore } from '#shared/rpc/protocol.ts';
import { CARRIERS, type Carrier } from '../support/carriers.ts';
import { BASE, EXAMPLES, REFUSED } from './examples.ts';

const NAMES = Object.keys(CARRIERS) as (keyof typeof CARRIERS)[];
const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];
const carriers = new Map<string, Carrier>();

beforeAll(async () => {
  for (const name of NAMES) carriers.set(name, await CARRIERS[name]());
});
afterAll(async () => {
  await Promise.all([...carriers.values()].map((carrier) => carrier[Symbol.asyncDispose]()));
});

/** The same call over every carrier, with the envelopes by carrier. */
async function everywhere(operation: string, input: unknown): Promise<[string, Result<unknown>][]> {
  const calls = [...carriers].map(
    async ([name, carrier]): Promise<[string, Result<unknown>]> => [
      name,
      await carrier.call(operation, input),
    ],
  );
  return await Promise.all(calls);
}

/** What differs between two carriers by nature: times, sizes, folders, ports the system chose, who calls. */
const VOLATILE = new Set([
  'author',
  'at',
  'since',
  'startedAt',
  'cpuPct',
  'memoryBytes',
  'historyBytes',
  'dataDir',
]);
const CHOSEN_PORT = /127\.0\.0\.1:(?!9\b)\d+/g;
/** What stands before a file of the data folder. */
const CHOSEN_FOLDER = /^.+(?=[\\/]ca[\\/]authority\.pem$)/;

function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => {
      if (VOLATILE.has(key)) return typeof inner;
      return typeof inner === 'string'
        ? inner.replaceAll(CHOSEN_PORT, '127.0.0.1:…').replace(CHOSEN_FOLDER, '…')
        : inner;
    }),
  );
}

function expectAlike(envelopes: [string, Result<unknown>][]): Result<unknown> {
  const [first, ...others] = envelopes;
  expect(envelopes).toHaveLength(NAMES.length);
  for (const [name, result] of others) {
    expect(comparable(result), `${name} and ${first?.[0]}`).toEqual(comparable(first?.[1]));
  }
  return first?.[1] as Result<unknown>;
}

describe('every operation', () => {
  it('has an example', () => {
    expect(OPERATION_NAMES.length).toBeGreaterThan(20);
    expect(Object.keys(EXAMPLES).sort()).toEqual([...OPERATION_NAMES].sort());
  });

  it.each(OPERATION_NAMES)(
    '%s answers the same over every carrier, as its schema says',
    async (operation) => {
      const ready = expectAlike(await everywhere('config.apply', { config: BASE }));
      expect(ready).toMatchObject({ ok: true });
      const { revision } = (ready as { value: { revision: number } }).value;
      const example = EXAMPLES[operation];
      const input = 'baseRevision' in example ? { ...example, baseRevision: revision } : example;
      const envelopes = await everywhere(operation, input);
      const result = expectAlike(envelopes);
      expect(result).toMatchObject({ ok: true });
      for (const [name, each] of envelopes) {
        const parsed = OPERATIONS[operation].output.safeParse((each as { value: unknown }).value);
        expect(parsed.error?.issues, name).toBeUndefined();
        // The schema is the whole answer: nothing travels that it does not name.
        expect(parsed.data, name).toEqual((each as { value: unknown }).value);
      }
    },
  );

  it('is recorded under the name of its carrier', async () => {
    await everywhere('config.apply', { config: { version: 1 } });
    await everywhere('config.apply', { config: BASE });
    const authors = (await everywhere('revisions.list', { limit: 1 })).map(([name, result]) => [
      name,
      (result as { value: { revisions: { author: string }[] } }).value.revisions[0]?.author,
    ]);
    expect(Object.fromEntries(authors)).toEqual({
      'in memory': 'window',
      'worker port': 'window',
      WebSocket: 'window',
      HTTP: 'api',
    });
  });

  it.each(OPERATION_NAMES)('%s refuses an unknown field the same over every carrier', async (operation) => {
    const refused = expectAlike(await everywhere(operation, { bogus: true }));
    expect(refused).toMatchObject({ ok: false, error: { code: 'invalid' } });
    const { issues } = (refused as { error: { issues: { path: string; code: string }[] } }).error;
    expect(issues.map(({ path, code }) => [path, code])).toContainEqual(['bogus', 'unknown-field']);
  });
});

describe('a refusal', () => {
  it.each(REFUSED)('of %s with %j is %s, the same over every carrier', async (operation, input, code) => {
    await everywhere('config.apply', { config: BASE });
    const refused = expectAlike(await everywhere(operation, input));
    expect(refused).toMatchObject({ ok: false, error: { code } });
    expect((refused as { error: { message: string } }).error.message).not.toBe('');
  });

  it.each(['no.such.operation', 'constructor', '__proto__', 'toString'])(
    'of the unknown operation %s is the same over every carrier',
    async (operation) => {
      expect(expectAlike(await everywhere(operation, {}))).toEqual({
        ok: false,
        error: { code: 'not-found', message: `there is no operation called "${operation}"` },
      });
    },
  );
});

/** Everything a port receives, and the first of it, come or to come, that matches. */
function listen(port: ClientPort) {
  const received: FromCore[] = [];
  let arrived = () => {};
  port.onMessage((message) => {
    received.push(message);
    arrived();
  });
  const first = (matches: (message: FromCore) => boolean, from = 0) =>
    new Promise<FromCore>((resolve) => {
      arrived = () => {
        const found = received.slice(from).find(matches);
        if (found) resolve(found);
      };
      arrived();
    });
  return { received, first };
}

describe.each(NAMES.filter((name) => name !== 'HTTP'))('a subscription over the %s carrier', (name) => {
  it('is a snapshot, then every event after it in order, until it ends', async () => {
    const port = await carriers.get(name)?.port();
    if (!port) throw new Error(`${name} has no port`);
    const { received, first } = listen(port);
    const isEvent = (type: string) => (message: FromCore) =>
      message.t === 'event' && message.event.type === type;
    port.post({ t: 'subscribe' });
    const snapshot = await first((message) => message.t === 'snapshot');
    expect(received[0]).toBe(snapshot);
    if (snapshot.t !== 'snapshot') return;
    expect(Snapshot.safeParse(snapshot.snapshot).error).toBeUndefined();

    port.post({ t: 'call', id: 1, op: 'settings.set', input: { closeToTray: false } });
    port.post({
      t: 'call',
      id: 2,
      op: 'backends.setWeight',
      input: { pool: 'api', backend: 'a', weight: 77 },
    });
    await first(isEvent('settings'));
    expect(await first(isEvent('revision'))).toMatchObject({
      event: { value: { changes: ['weight of api/a: 1 → 77'] } },
    });
    await first(
      (message) => message.t === 'event' && message.event.type === 'status' && weightIn(message) === 77,
    );
    await first(isEvent('sample'));
    await first(isEvent('system'));

    const events = received.filter((message) => message.t === 'event');
    expect(events.map((message) => message.seq)).toEqual(events.map((_, i) => snapshot.seq + 1 + i));
    for (const { event } of events) expect(EVENTS[event.type].safeParse(event.value).error).toBeUndefined();
    // Only asked for once, it takes a new snapshot that goes on where the events are.
    const seen = received.length;
    port.post({ t: 'subscribe' });
    const again = await first((message) => message.t === 'snapshot', seen);
    expect(again).toMatchObject({ snapshot: { settings: { closeToTray: false } } });
    const last = received.slice(0, received.indexOf(again)).findLast((message) => message.t === 'event');
    expect(again.t === 'snapshot' && last?.t === 'event' && again.seq - last.seq).toBe(0);

    port.post({ t: 'unsubscribe' });
    port.post({ t: 'call', id: 3, op: 'settings.set', input: { closeToTray: true } });
    await first((message) => message.t === 'result' && message.id === 3);
    const after = received.slice(received.indexOf(again) + 1);
    expect(after.filter(isEvent('settings'))).toEqual([]);
    port.close();
  });
});

function weightIn(message: FromCore): number | undefined {
  if (message.t !== 'event' || message.event.type !== 'status') return undefined;
  return message.event.value.pools.find((pool) => pool.name === 'api')?.backends[0]?.weight;
}
