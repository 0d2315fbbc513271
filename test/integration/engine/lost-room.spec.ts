// Room at a backend that another engine thread takes in the same moment. The test is the other thread:
// it counts itself in just when the engine looks whether it was the last that fitted.
import { describe, expect, it, vi } from 'vitest';
import { EngineCrew } from '../../support/engine-crew.ts';
import { ok, RawServer } from '../../support/raw-server.ts';
import type { RawStream } from '../../support/raw-stream.ts';
import { apiConfig } from '../../support/test-config.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`;
const UNAVAILABLE = 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n';

/** Takes the room at `backend` at the next look; settles when it is done. */
function takenAtNextLook(crew: EngineCrew, backend: string, more?: () => void): Promise<void> {
  const add = Atomics.add.bind(Atomics);
  return new Promise((resolve) => {
    const look = vi.spyOn(Atomics, 'add').mockImplementation((...call: unknown[]) => {
      look.mockRestore();
      crew.occupy(1, 'api', backend);
      more?.();
      resolve();
      return Reflect.apply(add, Atomics, call);
    });
  });
}

describe('a request that waits for room elsewhere because of a status', () => {
  it('has nothing to do any more with the connection the status came on', async () => {
    const held = Promise.withResolvers<RawStream>();
    await using a = await RawServer.listen((request, connection) => {
      if (request.target === '/held') return void held.resolve(connection);
      void takenAtNextLook(crew, 'b');
      return UNAVAILABLE;
    });
    await using b = await RawServer.named('b');
    const backends = [
      { name: 'a', address: `127.0.0.1:${a.port}` },
      { name: 'b', address: `127.0.0.1:${b.port}` },
    ];
    const retries = { statuses: [503] };
    await using crew = await EngineCrew.serving(2, apiConfig(backends, { maxInFlight: 1, retries }));
    await using waiting = await crew.client(0);
    await using other = await crew.client(0);
    waiting.send(get('/'));
    await crew.untilQueued(0);

    other.send(get('/held'));
    const kept = await held.promise;
    expect(a.connections).toHaveLength(1);
    waiting.destroy();
    await crew.untilCount(0, 'clientAborts', 1);
    kept.send(ok('still served'));
    expect((await other.message()).body).toBe('still served');
  });
});

describe('a request that was assigned room from the queue', () => {
  it('keeps its turn when the room is gone', async () => {
    await using a = await RawServer.listen((request) => ok(request.target));
    const backends = [{ name: 'a', address: `127.0.0.1:${a.port}` }];
    await using crew = await EngineCrew.serving(
      2,
      apiConfig(backends, { maxInFlight: 1, queue: { max: 2 } }),
    );
    crew.occupy(1, 'api', 'a');
    await using first = await crew.client(0);
    await using second = await crew.client(0);
    first.send(get('/first'));
    await crew.untilCount(0, 'queued', 1);
    second.send(get('/second'));
    await crew.untilCount(0, 'queued', 2);

    // And the queue is full meanwhile, over there.
    const taken = takenAtNextLook(crew, 'a', () => crew.queue(1, 'api', 1));
    crew.occupy(1, 'api', 'a', -1);
    await taken;
    expect(a.requests).toEqual([]);
    crew.occupy(1, 'api', 'a', -1);
    expect([(await first.message()).body, (await second.message()).body]).toEqual(['/first', '/second']);
    expect(a.requests.map(({ target }) => target)).toEqual(['/first', '/second']);
  });
});
