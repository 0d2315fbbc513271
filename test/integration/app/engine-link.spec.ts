// The link to engine threads by itself: what it does with a thread whose loop has stopped, and where
// threads cannot share an address.
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createEngineLink,
  type EngineLink,
  type EngineLinkOptions,
} from '../../../src/main/app/engine-link.ts';
import { createCounterPages } from '../../../src/main/app/pages.ts';
import type { ListenerReport } from '../../../src/main/engine/messages.ts';
import { startBackend } from '../../support/backends.ts';
import { planOf } from '../../support/engine-plan.ts';
import { ask } from '../../support/http-get.ts';
import { KEPT_ENGINE, keepEngines } from '../../support/kept-engine.ts';
import { MORTAL_ENGINE, orderEngine } from '../../support/mortal-engine.ts';
import { apiConfig } from '../../support/test-config.ts';

interface Linked {
  link: EngineLink;
  deaths: string[];
  /** The first state, from now on, that matches. */
  until(matches: (revision: number, listeners: ListenerReport[]) => boolean): Promise<void>;
}

const links: EngineLink[] = [];
afterEach(() => Promise.all(links.splice(0).map((link) => link.stop(0))));

function startLink(options: Partial<EngineLinkOptions> = {}): Linked {
  const deaths: string[] = [];
  const waiting = new Set<(revision: number, listeners: ListenerReport[]) => void>();
  const link = createEngineLink({
    entry: MORTAL_ENGINE,
    pages: createCounterPages(),
    shares: process.platform === 'linux',
    onReport: () => undefined,
    onChange: (revision, listeners) => {
      for (const look of [...waiting]) look(revision, listeners);
    },
    onDied: (name, reason) => deaths.push(`${name}: ${reason}`),
    ...options,
  });
  links.push(link);
  const until: Linked['until'] = (matches) =>
    new Promise((resolve) => {
      const look = (revision: number, listeners: ListenerReport[]): void => {
        if (!matches(revision, listeners)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
    });
  return { link, deaths, until };
}

describe('an engine thread whose loop has stopped', () => {
  it('is given up and replaced on the same port, though it neither ends nor answers', async () => {
    await using one = await startBackend('one');
    const { link, deaths, until } = startLink({ silentAfterMs: 2000 });
    const listeners = await link.apply(planOf(apiConfig([one])), { workers: 1, pageCount: 1 });
    const url = `http://127.0.0.1:${listeners?.[0]?.port}`;
    expect((await ask(url)).body).toBe('one');
    const gone = until((revision) => revision === 0);
    orderEngine('hang');
    await gone;
    expect(link.workers()).toBe(0);
    expect(deaths).toEqual(['the engine thread: it has not moved for 2 s']);
    await until((revision, [web]) => revision === 1 && web?.state === 'listening');
    expect((await ask(url)).body).toBe('one');
  });

  it.runIf(process.platform === 'linux')('does not take the others with it', async () => {
    await using one = await startBackend('one');
    await using two = await startBackend('two');
    const { link, deaths, until } = startLink({ silentAfterMs: 2000 });
    await link.apply(planOf(apiConfig([one])), { workers: 2, pageCount: 1 });
    const gone = until(() => link.workers() === 1);
    orderEngine('hang', 1);
    await gone;
    expect(deaths).toEqual(['engine thread 2 of 2: it has not moved for 2 s']);
    const back = until((revision) => revision === 2 && link.workers() === 2);
    const listeners = await link.apply(planOf(apiConfig([two]), 2), { workers: 2, pageCount: 1 });
    // One that was given up still has its socket for a moment.
    await back;
    expect((await ask(`http://127.0.0.1:${listeners?.[0]?.port}`)).body).toBe('two');
  });
});

describe('an engine thread that takes long to start', () => {
  it('is not given up the moment it is ready', async () => {
    using keeper = keepEngines();
    keeper.kill();
    await using one = await startBackend('one');
    const { link, deaths } = startLink({ entry: KEPT_ENGINE, silentAfterMs: 2000 });
    const listeners = link.apply(planOf(apiConfig([one])), { workers: 1, pageCount: 1 });
    // Longer than one that has started may be silent, shorter than one that starts may.
    await setTimeout(2500);
    keeper.release();
    expect(await listeners).toMatchObject([{ name: 'web', state: 'listening' }]);
    expect((await ask(`http://127.0.0.1:${(await listeners)?.[0]?.port}`)).body).toBe('one');
    // A look after it was ready, before its heart has beaten for the first time.
    await setTimeout(300);
    expect(deaths).toEqual([]);
    expect(link.workers()).toBe(1);
  });
});

describe('where threads cannot share an address', () => {
  it('there is one, however many are wanted', async () => {
    await using one = await startBackend('one');
    const { link } = startLink({ shares: false });
    const listeners = await link.apply(planOf(apiConfig([one])), { workers: 4, pageCount: 1 });
    expect(listeners).toMatchObject([{ name: 'web', state: 'listening' }]);
    expect(link.workers()).toBe(1);
  });
});
