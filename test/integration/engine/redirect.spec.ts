// Listeners that serve nothing themselves:
// - one that only sends its clients to https
// - one that cannot be served at all, until a plan says it can
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../support/engine-harness.ts';
import { RawClient } from '../../support/raw-client.ts';
import { RawServer } from '../../support/raw-server.ts';

const GET = 'GET /a?b=c HTTP/1.1\r\nHost: A.test:8080\r\n\r\n';

describe('a listener that redirects', () => {
  it('answers every request with 308 to the same address over https, on one connection', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await EngineHarness.serving({ a: backend.port }, {}, { redirectPort: 443 });
    await using client = await engine.client();
    client.send(GET + GET.replace('GET', 'HEAD'));
    const answer = await client.message();
    expect([answer.status, answer.field('location'), answer.field('connection')]).toEqual([
      308,
      'https://a.test/a?b=c',
      undefined,
    ]);
    expect(answer.body).toBe('Sluice: this is served over https, at https://a.test/a?b=c\n');
    const head = await client.message('HEAD');
    expect([head.status, head.field('location'), client.text]).toEqual([308, 'https://a.test/a?b=c', '']);

    expect(backend.connections.length).toBe(0);
    expect([
      engine.count('web', 'requests'),
      engine.count('web', 'status3xx'),
      engine.count('web', 'errors'),
      engine.count('web', 'inFlight'),
    ]).toEqual([2, 2, 0, 0]);
    await vi.waitFor(() =>
      expect(engine.records.map(({ status, path, failure }) => [status, path, failure])).toEqual([
        [308, '/a?b=c', ''],
        [308, '/a?b=c', ''],
      ]),
    );
  });

  it('names any other port than 443', async () => {
    await using engine = await EngineHarness.serving({ a: 1 }, {}, { redirectPort: 8443 });
    await using client = await engine.client();
    client.send('GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n');
    expect((await client.message()).field('location')).toBe('https://[::1]:8443/');
  });

  it('F26 takes no body for a request: it answers, closes and lets the client read that', async () => {
    await using engine = await EngineHarness.serving({ a: 1 }, {}, { redirectPort: 443 });
    await using client = await engine.client();
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${1_000_000 + GET.length}\r\n\r\n${GET}`);
    const answer = await client.message();
    expect([answer.status, answer.field('connection')]).toEqual([308, 'close']);
    client.send(Buffer.alloc(1_000_000, 'x'));
    await client.until(() => client.ended);
    expect([client.text, client.errorCode, engine.count('web', 'requests')]).toEqual(['', '', 1]);
  });

  it('refuses a request that names no host', async () => {
    await using engine = await EngineHarness.serving({ a: 1 }, {}, { redirectPort: 443 });
    await using client = await engine.client();
    const answer = await client.send('GET / HTTP/1.0\r\n\r\n').message();
    expect([answer.status, answer.field('location')]).toEqual([400, undefined]);
    await client.untilOver();
  });

  it('serves on the same connection once the plan no longer redirects', async () => {
    await using backend = await RawServer.named('a');
    const pools = { api: { backends: { a: backend.port } } };
    await using engine = new EngineHarness();
    await engine.apply({ pools, listeners: { web: { redirectPort: 443 } } });
    await using client = await engine.client();
    expect((await client.send(GET).message()).status).toBe(308);
    await engine.apply({ pools });
    expect((await client.send(GET).message()).body).toBe('a');
  });
});

describe('a listener with a fault', () => {
  const FAULT = 'the key of listener "web" cannot be read; check its path';

  it('is not bound and reported with its sentence, while others serve, and bound once it has none', async () => {
    await using backend = await RawServer.named('a');
    const pools = { api: { backends: { a: backend.port } } };
    await using engine = new EngineHarness();
    const failed = await engine.apply({ pools, listeners: { web: { fault: FAULT }, other: {} } });
    expect(failed.map(({ name, state, error }) => [name, state, error])).toEqual([
      ['web', 'failed', FAULT],
      ['other', 'listening', ''],
    ]);
    await using client = await engine.client('other');
    expect((await client.send(GET).message()).body).toBe('a');

    const [web] = await engine.apply({ pools, listeners: { web: {}, other: {} } });
    expect([web?.state, web?.error]).toEqual(['listening', '']);
    await using late = await engine.client();
    expect((await late.send(GET).message()).body).toBe('a');
  });

  it('gives up its address; who is connected is served to the end', async () => {
    await using backend = await RawServer.named('a');
    const pools = { api: { backends: { a: backend.port } } };
    await using engine = new EngineHarness();
    await engine.apply({ pools });
    const port = engine.port();
    await using client = await engine.client();
    expect((await client.send(GET).message()).body).toBe('a');
    const [web] = await engine.apply({ pools, listeners: { web: { fault: FAULT } } });
    expect([web?.state, web?.error]).toEqual(['failed', FAULT]);
    await expect(RawClient.connect(port)).rejects.toThrow('ECONNREFUSED');
    expect((await client.send(GET).message()).body).toBe('a');
  });
});
