// Requests with a body that go to another backend: the same bytes again, or nothing.
import { describe, expect, it } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import { ask, bodyOf, hangUp, untilRetried, withBody } from '../../support/retried-requests.ts';

describe('a body', () => {
  it.each([
    ['as large as the limit', 65_536, 200],
    ['one byte larger', 65_537, 502],
  ])('R6 %s: %i bytes, %i', async (_, bytes, expected) => {
    await using bad = await RawServer.listen(hangUp);
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port });
    const body = bodyOf(bytes);
    expect((await ask(engine, withBody('PUT', body))).status).toBe(expected);
    expect(good.requests.map((request) => request.body === body)).toEqual(expected === 200 ? [true] : []);
  });

  it('R6 is sent again byte for byte with its chunks as they came, and goes on from there', async () => {
    await using bad = await RawServer.listen();
    await using good = await RawServer.listen();
    await using engine = await EngineHarness.serving({ bad: bad.port, good: good.port });
    await using client = await engine.client();
    const first = '3\r\nabc\r\n';
    const rest = '5\r\nhello\r\n0\r\n\r\n';
    client.send(`PUT / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n`);
    await client.trickle(first);
    const failing = await bad.connection();
    await failing.untilText(first);
    failing.end();
    const serving = await good.connection();
    await serving.untilText(first);
    await client.trickle(rest);
    await serving.untilText(first + rest);
    expect(serving.text.endsWith(`\r\n\r\n${first}${rest}`)).toBe(true);
    serving.send(ok('done'));
    expect((await client.message()).body).toBe('done');
    expect(engine.count('api/good', 'bytesIn')).toBe(engine.count('web', 'bytesIn'));
  });

  it('R6 that goes on while the next connection is being opened arrives whole and in order', async () => {
    await using bad = await RawServer.listen();
    await using good = await RawServer.listen();
    await using engine = await EngineHarness.serving(
      { bad: bad.port, good: good.port },
      { retries: { bodyBytes: 10 } },
    );
    await using client = await engine.client();
    const body = bodyOf(400_000);
    client.send(withBody('PUT', body).slice(0, -body.length));
    client.send(body.slice(0, 10));
    const failing = await bad.connection();
    await failing.untilText(body.slice(0, 10));
    failing.end();
    await untilRetried(engine);
    client.send(body.slice(10));
    const serving = await good.connection();
    expect((await serving.message()).body === body).toBe(true);
    serving.send(ok('done'));
    expect((await client.message()).status).toBe(200);
  });

  it('R6 that grew over the limit meanwhile is sent to that backend and to no further one', async () => {
    await using bad = await RawServer.listen();
    await using worse = await RawServer.listen(hangUp);
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving(
      { bad: bad.port, worse: worse.port, good: { port: good.port, usable: false } },
      { retries: { bodyBytes: 10 } },
    );
    await using client = await engine.client();
    const body = bodyOf(1000);
    client.send(withBody('PUT', body).slice(0, -990));
    const failing = await bad.connection();
    await failing.untilText(body.slice(0, 10));
    failing.end();
    await untilRetried(engine);
    engine.setHealth('api', 'good', true);
    client.send(body.slice(10));
    expect((await client.message()).status).toBe(502);
    expect([worse.requests.map((request) => request.body === body), good.requests.length]).toEqual([
      [true],
      0,
    ]);
  });

  it('R6 over the limit is not kept: once it is being sent, a failure is final', async () => {
    await using bad = await RawServer.listen();
    await using good = await RawServer.named('good');
    await using engine = await EngineHarness.serving(
      { bad: bad.port, good: good.port },
      { retries: { bodyBytes: 10 } },
    );
    await using client = await engine.client();
    client.send(withBody('PUT', bodyOf(1000)).slice(0, -500));
    const failing = await bad.connection();
    await failing.untilText('\r\n\r\n');
    await failing.until(() => failing.receivedTotal > 500);
    failing.end();
    expect((await client.message()).status).toBe(502);
    expect(good.requests.length).toBe(0);
  });
});
