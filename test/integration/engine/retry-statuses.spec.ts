// Answers that make a request go to another backend: those the pool lists, and no others.
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { RawServer } from '../../support/raw-server.ts';
import { answering, ask, bodyOf, closedPort, GET, status, withBody } from '../../support/retried-requests.ts';

describe('a status that the pool lists', () => {
  const listing = { retries: { statuses: [404, 500, 503] } };

  it.each([
    ['GET', 503, 200],
    ['GET', 404, 200],
    ['PUT', 500, 200],
    ['GET', 502, 502],
    ['POST', 503, 503],
  ])('R4 %s answered with %i becomes %i', async (method, code, expected) => {
    await using bad = await RawServer.listen(answering(code));
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port }, listing);
    expect((await ask(engine, withBody(method, 'x'))).status).toBe(expected);
    expect([good.requests.length, engine.count('api/bad', 'errors')]).toEqual([expected === 200 ? 1 : 0, 0]);
    expect(engine.count('api/bad', code < 500 ? 'status4xx' : 'status5xx')).toBe(1);
  });

  it('R5 is what the client gets when everyone has it: the last one', async () => {
    await using a = await RawServer.listen(answering(503));
    await using b = await RawServer.listen(answering(500));
    await using engine = await EngineHarness.serving({ a: a.port, b: b.port }, listing);
    expect((await ask(engine, GET)).body).toBe('500');
    expect((await ask(engine, GET)).body).toBe('503');
    expect([a.requests.length, b.requests.length]).toEqual([2, 2]);
    await vi.waitFor(() =>
      expect(engine.records.map(({ status, failure, attempts }) => [status, failure, attempts])).toEqual([
        [500, '', 2],
        [503, '', 2],
      ]),
    );
  });

  it('is not kept for later: what the last backend did is what the client gets', async () => {
    await using a = await RawServer.listen(answering(503));
    await using engine = await EngineHarness.serving({ a: a.port, b: await closedPort() }, listing);
    expect((await ask(engine, GET)).status).toBe(502);
  });

  it('leaves the connection it came on for further requests', async () => {
    await using bad = await RawServer.listen(answering(503));
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port }, listing);
    await using client = await engine.client();
    for (let i = 0; i < 8; i++) expect((await client.send(GET).message()).status).toBe(200);
    expect([bad.requests.length, bad.connections.length, good.connections.length]).toEqual([4, 1, 1]);
  });

  it('closes the connection it came on when its body is long', async () => {
    await using bad = await RawServer.listen(
      () => `HTTP/1.1 503 Busy\r\nContent-Length: 1000000\r\n\r\n${bodyOf(200_000)}`,
    );
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port }, listing);
    expect((await ask(engine, GET)).body).toBe('good');
    await bad.connections[0]!.untilOver();
  });

  it('counts though the request is still being sent', async () => {
    await using bad = await RawServer.listen();
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port }, listing);
    await using client = await engine.client();
    client.send(withBody('PUT', 'half whole').slice(0, -5));
    const refusing = await bad.connection();
    await refusing.untilText('half ');
    refusing.send(status(503));
    await refusing.untilOver();
    client.send('whole');
    expect((await client.message()).body).toBe('good');
    expect(good.requests[0]!.body).toBe('half whole');
  });
});

describe('an answer that asks to slow down', () => {
  it.each([
    ['429', 429, [503], 429],
    ['503 with Retry-After that is not listed', 503, [], 503],
    ['429 that is listed', 429, [429], 200],
    ['503 with Retry-After that is listed', 503, [503], 200],
  ])('R11 %s', async (_, code, statuses, expected) => {
    await using bad = await RawServer.listen(answering(code, 'Retry-After: 7'));
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving(
      { bad: bad.port, good: good.port },
      { retries: { statuses } },
    );
    const answer = await ask(engine, GET);
    expect([answer.status, answer.field('retry-after')]).toEqual([
      expected,
      expected === 200 ? undefined : '7',
    ]);
  });
});
