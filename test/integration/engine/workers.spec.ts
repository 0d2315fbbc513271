// Engines that carry the same traffic: who binds, who joins, what they count together, and how one of
// them leaves. In this process, each with counter pages of its own, as the core's threads are.
import { describe, expect, it } from 'vitest';
import { createPage } from '../../../src/main/engine/telemetry/layout.ts';
import { CrewMember, EngineCrew } from '../../support/engine-crew.ts';
import { planOf } from '../../support/engine-plan.ts';
import { freePort, occupy } from '../../support/free-port.ts';
import { RawClient } from '../../support/raw-client.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import type { RawStream } from '../../support/raw-stream.ts';
import { apiConfig } from '../../support/test-config.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';
const fence = new SharedArrayBuffer(4);
const backendOf = (name: string, port: number) => ({ name, address: `127.0.0.1:${port}` });

/** Connects again and again; each that is still accepted is a turn in which the socket was not quiet. */
async function untilRefused(port: number): Promise<void> {
  for (;;) {
    try {
      await using _client = await RawClient.connect(port);
    } catch {
      return;
    }
  }
}

describe.runIf(process.platform === 'linux')('an address of several engines', () => {
  it('is bound by the lead, joined by the others, and accepts in all of them', async () => {
    await using backend = await RawServer.named('a');
    const plan = planOf(apiConfig([backendOf('a', backend.port)]));
    const [lead, other] = [new CrewMember(), new CrewMember()];
    try {
      const waiting = await other.apply(1, plan, {
        lead: false,
        held: [],
        peers: [lead.pages],
        fence,
        clients: undefined,
      });
      expect(waiting).toMatchObject([{ name: 'web', state: 'failed', error: '' }]);
      const [bound] = await lead.apply(1, plan, {
        lead: true,
        held: [],
        peers: [other.pages],
        fence,
        clients: undefined,
      });
      expect(bound?.state).toBe('listening');
      const boundPort = bound?.port ?? 0;
      const held = [{ name: 'web', host: '127.0.0.1', port: 0, boundPort }];
      expect(
        await other.join(2, { lead: false, held, peers: [lead.pages], fence, clients: undefined }),
      ).toEqual([bound]);
      const accepted = [lead, other].map(() => 0);
      for (let i = 0; i < 200 && accepted.includes(0); i++) {
        await using client = await RawClient.connect(boundPort);
        expect((await client.send(GET).message()).body).toBe('a');
        [lead, other].forEach((member, j) => {
          accepted[j] = member.count('web', 'connectionsOpened', plan);
        });
      }
      expect(Math.min(...accepted)).toBeGreaterThan(0);
    } finally {
      await Promise.all([lead.stop(), other.stop()]);
    }
  });

  it('of another program is not shared with it, even when that program shares', async () => {
    await using other = await occupy(await freePort(), { reusePort: true });
    const member = new CrewMember();
    try {
      const plan = planOf(apiConfig([], {}, { port: other.port }));
      const [web] = await member.apply(1, plan, {
        lead: true,
        held: [],
        peers: [],
        fence,
        clients: undefined,
      });
      expect(web).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('in use by another program'),
      });
    } finally {
      await member.stop();
    }
  });
});

describe.runIf(process.platform === 'linux')('engines that share backends', () => {
  it('W3 choose the least loaded one counting what every one of them has in flight', async () => {
    await using a = await RawServer.listen();
    await using b = await RawServer.listen();
    const config = apiConfig([backendOf('a', a.port), backendOf('b', b.port)], {
      policy: 'least-connections',
    });
    await using crew = await EngineCrew.serving(2, config);
    await using first = await crew.client(0);
    await using second = await crew.client(1);
    await using third = await crew.client(1);
    first.send(GET);
    await (await a.connection()).message();
    second.send(GET);
    await (await b.connection()).message();
    expect([crew.inFlight('api', 'a'), crew.inFlight('api', 'b')]).toEqual([1, 1]);
    (await a.connection()).send(ok('a'));
    expect((await first.message()).body).toBe('a');
    third.send(GET);
    const next = await a.connection(1);
    await next.message();
    expect([crew.inFlight('api', 'a'), crew.inFlight('api', 'b')]).toEqual([1, 1]);
  });

  it('W3 never pass a limit together, and hand room on to those that wait in another one', async () => {
    let underWay = 0;
    let most = 0;
    await using backend = await RawServer.listen((_request, connection) => {
      most = Math.max(most, ++underWay);
      setImmediate(() => {
        underWay--;
        connection.send(ok('a'));
      });
      return undefined;
    });
    const config = apiConfig([backendOf('a', backend.port)], { maxInFlight: 3 });
    await using crew = await EngineCrew.serving(2, config);
    const ask = async (member: number): Promise<number> => {
      await using client = await crew.client(member);
      const { status } = await client.send(GET).message();
      return status;
    };
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(i % 2)));
    expect(answers.every((status) => status === 200)).toBe(true);
    expect(most).toBe(3);
    expect(crew.inFlight('api', 'a')).toBe(0);
  });

  it('let in no more clients together than the listener may have', async () => {
    await using backend = await RawServer.named('a');
    const config = apiConfig([backendOf('a', backend.port)], {}, { limits: { connections: 2 } });
    await using crew = await EngineCrew.serving(2, config);
    const first = await crew.client(0);
    await using second = await crew.client(1);
    for (const client of [first, second]) expect((await client.send(GET).message()).body).toBe('a');
    await using third = await crew.client(1);
    await third.untilOver();
    expect(third.text).toBe('');

    await first[Symbol.asyncDispose]();
    await crew.untilCount(0, 'accepted', 0);
    await using fourth = await crew.client(1);
    expect((await fourth.send(GET).message()).body).toBe('a');
  });

  it('let one client have no more connections together than it may', async () => {
    await using backend = await RawServer.named('a');
    const limits = { connectionsPerClient: 2 };
    const config = apiConfig([backendOf('a', backend.port)], {}, { limits });
    await using crew = await EngineCrew.serving(2, config);
    const first = await crew.client(0);
    await using second = await crew.client(1);
    for (const client of [first, second]) expect((await client.send(GET).message()).body).toBe('a');
    for (const member of [0, 1]) {
      await using third = await crew.client(member);
      await third.untilOver();
      expect(third.text).toBe('');
    }
    // Somebody else is another client.
    await using other = await crew.client(0, '127.0.0.2');
    expect((await other.send(GET).message()).body).toBe('a');

    await first[Symbol.asyncDispose]();
    await crew.untilCount(0, 'accepted', 1);
    await using fourth = await crew.client(1);
    expect((await fourth.send(GET).message()).body).toBe('a');
  });

  it('count the clients one of them had before it met the others', async () => {
    await using backend = await RawServer.named('a');
    const limits = { connectionsPerClient: 2 };
    const plan = planOf(apiConfig([backendOf('a', backend.port)], {}, { limits }));
    const [old, late] = [new CrewMember(), new CrewMember()];
    try {
      const alone = { lead: true, held: [], peers: [], fence, clients: undefined };
      const [web] = await old.apply(1, plan, alone);
      await using client = await RawClient.connect(web?.port ?? 0);
      expect((await client.send(GET).message()).body).toBe('a');
      const crewOf = (own: CrewMember, other: CrewMember) => ({
        ...alone,
        peers: [other.pages],
        clients: { own: own.clients, others: [other.clients] },
      });
      // Said twice, it is counted once: what is told to a thread is a copy of the message each time.
      for (const id of [2, 3]) await old.apply(id, plan, structuredClone(crewOf(old, late)));
      const [there] = await late.apply(1, plan, crewOf(late, old));
      await using second = await RawClient.connect(there?.port ?? 0);
      expect((await second.send(GET).message()).body).toBe('a');
      await using refused = await RawClient.connect(there?.port ?? 0);
      await refused.untilOver();
      expect(refused.text).toBe('');
    } finally {
      await Promise.all([old.stop(), late.stop()]);
    }
  });

  it('let no more requests wait together than the queue may hold', async () => {
    const waiting = Promise.withResolvers<RawStream>();
    await using backend = await RawServer.listen((_request, connection) => {
      if (backend.requests.length > 1) return ok('a');
      waiting.resolve(connection);
      return undefined;
    });
    const config = apiConfig([backendOf('a', backend.port)], { maxInFlight: 1, queue: { max: 2 } });
    await using crew = await EngineCrew.serving(2, config);
    await using served = await crew.client(0);
    served.send(GET);
    const first = await waiting.promise;
    await using here = await crew.client(0);
    await using there = await crew.client(1);
    here.send(GET);
    there.send(GET);
    await Promise.all([crew.untilQueued(0), crew.untilQueued(1)]);
    for (const member of [0, 1]) {
      await using late = await crew.client(member);
      const { status, body } = await late.send(GET).message();
      expect([status, body]).toEqual([503, expect.stringContaining('2 are waiting already')]);
    }
    first.send(ok('a'));
    const answers = await Promise.all([served, here, there].map((client) => client.message()));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    // None is counted as waiting any more.
    await using again = await crew.client(1);
    expect((await again.send(GET).message()).status).toBe(200);
  });

  it('R8 have one retry budget together', async () => {
    await using broken = await RawServer.listen((_, connection) => void connection.end());
    await using silent = await RawServer.listen();
    const config = apiConfig([backendOf('broken', broken.port), backendOf('silent', silent.port)], {
      policy: 'round-robin',
      retries: { budgetPct: 0, budgetMin: 1 },
    });
    await using crew = await EngineCrew.serving(2, config);
    await using first = await crew.client(0);
    first.send(GET);
    const retried = await silent.connection();
    await retried.message();
    await using second = await crew.client(1);
    expect((await second.send(GET).message()).status).toBe(502);
    retried.send(ok('late'));
    expect((await first.message()).body).toBe('late');
    expect(silent.connections.length).toBe(1);
  });

  it('take room another one leaves, though nothing of their own ends', async () => {
    await using backend = await RawServer.listen();
    const config = apiConfig([backendOf('a', backend.port)], { maxInFlight: 1 });
    await using crew = await EngineCrew.serving(2, config);
    await using first = await crew.client(0);
    await using second = await crew.client(1);
    first.send(GET);
    const connection = await backend.connection();
    await connection.message();
    second.send(GET);
    await crew.untilQueued(1);
    connection.send(ok('one'));
    expect((await first.message()).body).toBe('one');
    const other = await backend.connection(1);
    await other.message();
    other.send(ok('two'));
    expect((await second.message()).body).toBe('two');
  });
});

/** An engine that serves `backend` as one of several that could. */
async function servingMember(backend: RawServer): Promise<{ member: CrewMember; port: number }> {
  const member = new CrewMember();
  const plan = planOf(apiConfig([backendOf('a', backend.port)]));
  const [web] = await member.apply(1, plan, {
    lead: true,
    held: [],
    peers: [[createPage()]],
    fence,
    clients: undefined,
  });
  return { member, port: web?.port ?? 0 };
}

describe.runIf(process.platform === 'linux')('an engine that leaves', () => {
  it('takes no more connections, ends kept ones with their next answer, and finishes what it has', async () => {
    await using backend = await RawServer.named('a');
    const { member, port } = await servingMember(backend);
    await using client = await RawClient.connect(port);
    expect((await client.send(GET).message()).field('connection')).toBeUndefined();
    member.send({ type: 'retire', deadlineMs: 10_000 });
    await untilRefused(port);
    const last = await client.send(GET).message();
    expect([last.body, last.field('connection')]).toEqual(['a', 'close']);
    client.socket.end();
    await member.until(({ type }) => type === 'stopped');
  });

  it('serves who came before it was told to leave, though it had not looked yet', async () => {
    await using backend = await RawServer.named('a');
    const { member, port } = await servingMember(backend);
    const connecting = Array.from({ length: 8 }, () => RawClient.connect(port));
    // By now the kernel has taken all of them; the loop's next turn is the first in which they are seen.
    await new Promise((resolve) => process.nextTick(resolve));
    member.send({ type: 'retire', deadlineMs: 10_000 });
    for (const client of await Promise.all(connecting)) {
      const answer = await client.send(GET).message();
      expect([answer.body, answer.field('connection')]).toEqual(['a', 'close']);
      client.socket.end();
    }
    await member.until(({ type }) => type === 'stopped');
  });
});
