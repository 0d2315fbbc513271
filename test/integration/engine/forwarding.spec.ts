// What backends are told about where a request came from:
// - what an untrusted client says about itself is replaced, what a trusted proxy says is extended
// - Forwarded, when asked for
// - Via on the way, and the end of a request that comes back to the listener it has passed
import { describe, expect, it, vi } from 'vitest';
import { EngineHarness, type ListenerWords } from '../../support/engine-harness.ts';
import { HTTP1_FRONTS, type Http1Front } from '../../support/fronts.ts';
import { RawServer } from '../../support/raw-server.ts';

const CLAIMS = [
  'X-Forwarded-For: 6.6.6.6',
  'x-forwarded-for: 7.7.7.7',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Host: shop.test',
  'X-Forwarded-Port: 443',
  'Forwarded: for=6.6.6.6;proto=https',
  'X-Real-IP: 6.6.6.6',
];

function get(...lines: string[]): string {
  return ['GET / HTTP/1.1', 'Host: a.test:8080', ...lines, '', ''].join('\r\n');
}

/** Fields the backend gets besides Host, for a request with `lines`. */
async function seen(front: Http1Front, listener: ListenerWords, ...lines: string[]): Promise<string[]> {
  await using backend = await RawServer.named('a');
  await using engine = await front.serving({ a: backend.port }, {}, listener);
  await using client = await front.client(engine);
  await client.send(get(...lines)).message();
  return backend.requests[0]!.lines.slice(1);
}

const own = ({ proto }: Http1Front): string[] => [
  'X-Forwarded-For: 127.0.0.1',
  `X-Forwarded-Proto: ${proto}`,
  'X-Forwarded-Host: a.test:8080',
];

describe.each(HTTP1_FRONTS)('what a client says about its origin, over $name', (front) => {
  it('H5 is replaced when its address is not trusted', async () => {
    expect(await seen(front, { trustedProxies: ['10.0.0.0/8'] }, ...CLAIMS)).toEqual(own(front));
  });

  it('H5 is extended when its address is trusted', async () => {
    expect(await seen(front, { trustedProxies: ['10.0.0.0/8', '127.0.0.1'] }, ...CLAIMS)).toEqual([
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: shop.test',
      'X-Forwarded-Port: 443',
      'X-Real-IP: 6.6.6.6',
      'X-Forwarded-For: 6.6.6.6, 7.7.7.7, 127.0.0.1',
      `Forwarded: for=6.6.6.6;proto=https, for=127.0.0.1;host="a.test:8080";proto=${front.proto}`,
    ]);
  });

  it('H5 is what a trusted client leaves out, too', async () => {
    expect(await seen(front, { trustedProxies: ['127.0.0.0/8'] })).toEqual(own(front));
  });

  it('H5 counts from the next request on when the plan begins to trust it', async () => {
    await using backend = await RawServer.named('a');
    const pools = { api: { backends: { a: backend.port } } };
    const web = await front.listener({});
    await using engine = new EngineHarness();
    await engine.apply({ pools, listeners: { web } });
    await using client = await front.client(engine);
    await client.send(get(...CLAIMS)).message();
    await engine.apply({ pools, listeners: { web: { ...web, trustedProxies: ['127.0.0.0/8'] } } });
    await client.send(get(...CLAIMS)).message();
    await engine.apply({ pools, listeners: { web } });
    await client.send(get(...CLAIMS)).message();
    expect(backend.requests.map((request) => request.field('x-forwarded-for'))).toEqual([
      '127.0.0.1',
      '6.6.6.6, 7.7.7.7, 127.0.0.1',
      '127.0.0.1',
    ]);
  });
});

describe.each(HTTP1_FRONTS)('Forwarded, over $name', (front) => {
  it('H5 H6 names this hop alone for an untrusted client', async () => {
    const lines = await seen(front, { forwarded: true }, 'Forwarded: for=6.6.6.6');
    expect(lines.filter((line) => line.startsWith('Forwarded'))).toEqual([
      `Forwarded: for=127.0.0.1;host="a.test:8080";proto=${front.proto}`,
    ]);
  });
});

describe.each(HTTP1_FRONTS)('Via, over $name', (front) => {
  it('H9 is extended on the request and on the response', async () => {
    await using backend = await RawServer.named('a');
    await using engine = await front.serving({ a: backend.port }, {}, { via: 'sluice-web' });
    await using client = await front.client(engine);
    const answer = await client.send(get('Via: 1.0 edge, 1.1 sluice-web-2')).message();
    expect([answer.status, answer.field('via')]).toEqual([200, '1.1 sluice-web']);
    expect(backend.requests[0]!.lines.filter((line) => line.startsWith('Via'))).toEqual([
      'Via: 1.0 edge, 1.1 sluice-web-2',
      'Via: 1.1 sluice-web',
    ]);
  });

  it('H9 ends a loop with 508 at its second turn', async () => {
    const web = await front.listener({ via: 'sluice-web' });
    // Backends are spoken to in clear text, so the way back has a listener of its own.
    const words = (port: number) => ({
      pools: { api: { backends: { a: port } } },
      listeners: { web, back: { via: 'sluice-web' } },
    });
    await using engine = new EngineHarness();
    await engine.apply(words(1));
    await engine.apply(words(engine.port('back')));
    await using client = await front.client(engine);
    for (let i = 0; i < 2; i++) {
      const answer = await client.send(get()).message();
      expect([answer.status, answer.body]).toEqual([
        508,
        'Sluice: the request has passed this listener before; a backend leads back to it\n',
      ]);
    }
    expect([engine.count('web', 'requests'), engine.count('back', 'requests')]).toEqual([2, 2]);
    await vi.waitFor(() =>
      expect(engine.records.map(({ failure }) => failure).toSorted()).toEqual(['', '', 'loop', 'loop']),
    );
  });

  it('H9 is neither added nor heeded when it is switched off', async () => {
    const lines = await seen(front, { via: '' }, 'Via: 1.1 sluice-web');
    expect(lines.filter((line) => line.startsWith('Via'))).toEqual(['Via: 1.1 sluice-web']);
  });
});
