// What the core hands to its engine threads for TLS, by itself: when session tickets get other keys, that
// this is no more than a plan like any other, and that a file which changed is used.
import { afterEach, expect, it, vi } from 'vitest';
import { parseConfig } from '#shared/config/config.ts';
import { createTlsMaterial } from '../../../src/main/app/tls-material.ts';
import { tempDir } from '../../support/core-harness.ts';
import { apiConfig } from '../../support/test-config.ts';

const DAY_MS = 86_400_000;
const CHECK_MS = 60_000;

afterEach(() => void vi.useRealTimers());

it('the secret of session tickets is one for all listeners, and another after a day, which is said', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  using dir = tempDir();
  let nowMs = Date.now();
  let changes = 0;
  const material = createTlsMaterial({
    dataDir: dir.path,
    now: () => nowMs,
    onChange: () => void changes++,
    onNotice: () => undefined,
  });
  try {
    const { listeners, ...rest } = apiConfig([], {}, { protocol: 'https' });
    const second = { ...listeners[0]!, name: 'second' };
    const parsed = parseConfig({ ...rest, listeners: [...listeners, second] });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const config = parsed.value;
    await material.prepare(config);
    const secrets = (): string[] =>
      config.listeners.map((listener) => {
        const made = material.listenerTls(listener);
        return made.ok ? made.value.ticketSecret : made.fault;
      });
    const [first, other] = secrets();
    expect(other).toBe(first);

    vi.advanceTimersByTime(CHECK_MS);
    expect([changes, ...secrets()]).toEqual([0, first, first]);

    nowMs += DAY_MS;
    vi.advanceTimersByTime(CHECK_MS);
    expect(changes).toBe(1);
    const [next, nextOther] = secrets();
    expect(next).not.toBe(first);
    expect(nextOther).toBe(next);

    vi.advanceTimersByTime(CHECK_MS);
    expect([changes, ...secrets()]).toEqual([1, next, next]);
  } finally {
    material.close();
  }
});

it('a file that changed is used although an edit that was refused has read it since', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  using dir = tempDir();
  let changes = 0;
  const material = createTlsMaterial({
    dataDir: dir.path,
    now: Date.now,
    onChange: () => void changes++,
    onNotice: () => undefined,
  });
  try {
    const caFile = dir.write('ca.pem', 'first');
    const configOf = (tls: object) => {
      const parsed = parseConfig(apiConfig([], { tls }));
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
      return parsed.value;
    };
    const config = configOf({ caFile });
    await material.prepare(config);
    material.poolTls(config.pools[0]!);
    vi.advanceTimersByTime(CHECK_MS);
    expect(changes).toBe(0);

    dir.write('ca.pem', 'second, and longer');
    expect(material.fileIssues(configOf({}), config, 'pools.0')).toHaveLength(1);
    vi.advanceTimersByTime(CHECK_MS);
    expect(changes).toBe(1);
  } finally {
    material.close();
  }
});
