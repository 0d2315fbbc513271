// TLS sessions over several real engine threads: the keys of their tickets come with the plan, so any
// thread goes on with what another one began, and all of them change keys together, one that is just
// being replaced as well.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { orderEngine } from '../../support/mortal-engine.ts';
import { get, TlsScene } from '../../support/tls-scene.ts';
import { resumedBy, TLS_VERSIONS, TlsThreads } from '../../support/tls-threads.ts';

const SURVIVOR = 0;
const LOST = 1;
/** For what is the same in each. */
const version = 'TLSv1.3';

let scene: TlsScene;

beforeAll(async () => {
  scene = await TlsScene.create();
});

afterEach(() => scene.cleanUp());

describe.runIf(process.platform === 'linux').each(TLS_VERSIONS)('a session over %s', (version) => {
  it('is resumed by the thread that began it and by every other, with its certificate only', async () => {
    const threads = await TlsThreads.serving(scene);
    for (const { resumed, session } of await threads.meetAll({ version })) {
      expect(resumed).toBe(false);
      expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([true, true]);
      for (const elsewhere of await threads.meetAll({ version, session, name: 'c.a.test' })) {
        expect([elsewhere.resumed, elsewhere.shown]).toEqual([false, 'wildcard.cn']);
      }
    }
  });

  it('is resumed by threads that took the place of those that began it', async () => {
    const threads = await TlsThreads.serving(scene);
    const begun = await threads.meetAll({ version });
    for (const { thread } of begun) await threads.linked.replace(thread, 'die');
    for (const { session } of begun) {
      expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([true, true]);
    }
  });

  it('begins anew in every thread once the keys are others, and who is connected stays so', async () => {
    const threads = await TlsThreads.serving(scene);
    const begun = await threads.meetAll({ version });
    await threads.deploy('the next');
    for (const { session, client } of begun) {
      expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([false, false]);
      client.send(get('b.a.test'));
      expect((await client.message()).body).toBe('a');
    }
    for (const { session } of await threads.meetAll({ version })) {
      expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([true, true]);
    }
  });
});

describe.runIf(process.platform === 'linux').each([
  ['died', 'die'],
  ['hung', 'hang'],
] as const)('while a thread that %s is being replaced', (_, deed) => {
  it.each(TLS_VERSIONS)(
    'plans come, and its successor resumes sessions over %s of before and of meanwhile',
    async (version) => {
      const threads = await TlsThreads.serving(scene);
      const begun = await threads.meetAll({ version });
      await threads.linked.lose(LOST, deed);
      begun.push(await threads.meetOne(SURVIVOR, { version }));
      while (threads.linked.link.workers() < 2) await threads.deploy();
      for (const { session } of begun) {
        expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([true, true]);
      }
    },
  );

  it.each(TLS_VERSIONS)(
    'keys change, and its successor has the same as the other, over %s',
    async (version) => {
      const threads = await TlsThreads.serving(scene);
      const old = await threads.meetAll({ version });
      await threads.linked.lose(LOST, deed);
      await threads.deploy('the next');
      const begun = await threads.meetOne(SURVIVOR, { version });
      await threads.linked.untilWorkers(2);
      expect(resumedBy(await threads.meetAll({ version, session: begun.session }))).toEqual([true, true]);
      for (const { session } of old) {
        expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([false, false]);
      }
    },
  );

  it('keys change again and again until it serves, and the last ones hold in both', async () => {
    const threads = await TlsThreads.serving(scene);
    await threads.linked.lose(LOST, deed);
    await threads.deploy('the first');
    const outdated = await threads.meetOne(SURVIVOR, { version });
    for (let i = 0; threads.linked.link.workers() < 2; i++) await threads.deploy(`number ${i}`);
    const [first, second] = await threads.meetAll({ version, session: outdated.session });
    expect(resumedBy([first!, second!])).toEqual([false, false]);
    for (const { session } of [first!, second!]) {
      expect(resumedBy(await threads.meetAll({ version, session }))).toEqual([true, true]);
    }
  });
});

describe.runIf(process.platform === 'linux')('while a thread hangs', () => {
  it('keys change, and its successor has the same as the other', async () => {
    const threads = await TlsThreads.serving(scene);
    const gone = threads.linked.untilWorkers(1);
    orderEngine('hang', LOST);
    await threads.deploy('the next');
    await gone;
    const begun = await threads.meetOne(SURVIVOR, { version });
    await threads.linked.untilWorkers(2);
    expect(resumedBy(await threads.meetAll({ version, session: begun.session }))).toEqual([true, true]);
  });
});
