// How many attempts of a backend were repeated on another one, as the Status of a whole core tells it: beside
// errors that no client got, and beside those that clients did get.
import { describe, expect, it } from 'vitest';
import { startBackend } from '../../support/backends.ts';
import { startTestCore } from '../../support/core-harness.ts';
import type { CoreView } from '../../support/core-view.ts';
import { ask } from '../../support/http-get.ts';
import { RawServer } from '../../support/raw-server.ts';
import { closedPort, hangUp } from '../../support/retried-requests.ts';
import { apiConfig } from '../../support/test-config.ts';

const at = (name: string, port: number) => ({ name, address: `127.0.0.1:${port}` });

/** Since start: `[errors, retries]`; over the last minute: `[failures, retries]`. */
function told(view: CoreView, backend: string): number[] {
  const { errors, retries, failuresLastMinute, retriesLastMinute } = view.backend('api', backend)!;
  return [errors, retries, failuresLastMinute, retriesLastMinute];
}

const THREADS = [1, ...(process.platform === 'linux' ? [3] : [])];

describe.each(THREADS)('with %i engine threads', (workers) => {
  it('errors of which no client heard have as many retries', async () => {
    await using cut = await RawServer.listen(hangUp);
    await using good = await startBackend('good');
    const backends = [at('refuses', await closedPort()), at('cut', cut.port), good];
    await using core = await startTestCore({
      config: { ...apiConfig(backends, { policy: 'random' }), engine: { workers } },
    });
    const { view } = core;
    const url = await core.url();
    await view.until('all threads run', () => view.system.engineWorkers === workers);
    for (let i = 0; i < 40; i++) expect(await ask(url)).toMatchObject({ status: 200, body: 'good' });

    const pool = await view.until('the last request is in the minute', () => {
      const shown = view.pool('api');
      const attempts = shown?.backends.reduce((sum, { requests }) => sum + requests, 0);
      return shown?.backends[2]?.requests === 40 && shown.requestsLastMinute === attempts && shown;
    });
    for (const name of ['refuses', 'cut']) {
      const [errors] = told(view, name);
      expect(errors).toBeGreaterThan(0);
      expect(told(view, name)).toEqual(Array(4).fill(errors));
    }
    expect(told(view, 'good')).toEqual([0, 0, 0, 0]);
    const retries = told(view, 'refuses')[0]! + told(view, 'cut')[0]!;
    expect(pool).toMatchObject({ failuresLastMinute: retries, retriesLastMinute: retries });
    expect(pool.requestsLastMinute).toBe(40 + retries);
  });
});

it('errors that clients got are more than the retries, by as many as they got', async () => {
  const port = await closedPort();
  await using core = await startTestCore({ config: apiConfig([at('a', port), at('b', port)]) });
  const { view } = core;
  const url = await core.url();
  for (let i = 0; i < 6; i++) expect((await ask(url)).status).toBe(502);
  await view.call('backends.setState', { pool: 'api', backend: 'a', state: 'disabled' });
  await view.call('backends.setState', { pool: 'api', backend: 'b', state: 'disabled' });
  for (let i = 0; i < 3; i++) expect((await ask(url)).status).toBe(503);
  const pool = await view.until('all are in the minute', () => {
    const shown = view.pool('api');
    return shown?.failuresLastMinute === 15 && shown;
  });
  expect(pool).toMatchObject({ unserved: 3, retriesLastMinute: 6 });
  expect([told(view, 'a'), told(view, 'b')]).toEqual([
    [6, 3, 6, 3],
    [6, 3, 6, 3],
  ]);
});
