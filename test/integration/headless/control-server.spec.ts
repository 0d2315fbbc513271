// The control server where something goes wrong: what is a bug of Sluice is told to its log, once, and to
// the client only as that; a client that leaves is none.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Core } from '../../../src/main/core.ts';
import { startControlServer } from '../../../src/main/headless/control-server.ts';
import { startTestCore } from '../../support/core-harness.ts';
import { ask } from '../../support/http-get.ts';
import { RawClient } from '../../support/raw-client.ts';

const TOKEN = 'a-token';

async function controlServer(faults: Partial<Core> = {}) {
  const { core, ...test } = await startTestCore();
  const bugs: [target: string, error: unknown][] = [];
  const control = await startControlServer({
    core: { ...core, ...faults },
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    windowRoot: null,
    onBug: (target, error) => bugs.push([target, error]),
  });
  return {
    bugs,
    port: control.port,
    url: `http://127.0.0.1:${control.port}`,
    async [Symbol.asyncDispose]() {
      await control.close();
      await test[Symbol.asyncDispose]();
    },
  };
}

describe('a request that meets a bug', () => {
  const bug = new Error('a secret of the inside');
  const broken = () => Promise.reject(bug);
  const post = { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } };

  it.each([
    ['/stats', {}],
    ['/rpc/status.get', post],
  ])('is answered as internal, and %s is told to the log once', async (path, options) => {
    await using server = await controlServer({ query: broken, call: broken });
    const answer = await ask(server.url + path, options);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      500,
      {
        ok: false,
        error: {
          code: 'internal',
          message: `${path} failed unexpectedly; the log of Sluice has the details`,
        },
      },
    ]);
    expect(server.bugs).toEqual([[path, bug]]);
  });
});

describe('a client that leaves while it sends a body', () => {
  it('is no bug', async () => {
    await using server = await controlServer();
    const begun = Promise.withResolvers<IncomingMessage>();
    const seen = (message: unknown) => begun.resolve((message as { request: IncomingMessage }).request);
    subscribe('http.server.request.start', seen);
    const client = await RawClient.connect(server.port);
    client.send(
      `POST /rpc/status.get HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 9\r\n\r\n{`,
    );
    const over = once(await begun.promise, 'close').catch((error: Error) => error.message);
    unsubscribe('http.server.request.start', seen);
    await client[Symbol.asyncDispose]();
    expect(await over).toBe('aborted');
    await turn();
    expect(server.bugs).toEqual([]);
  });
});
