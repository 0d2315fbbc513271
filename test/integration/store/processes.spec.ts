// What holds between processes: a killed writer loses nothing it has acknowledged, and one Sluice at a
// time has a data directory, for exactly as long as it lives.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { listIntents } from '../../../src/main/store/intents.ts';
import { acquireLock } from '../../../src/main/store/lock.ts';
import { openStore } from '../../../src/main/store/open.ts';
import { latestRevision, listRevisions } from '../../../src/main/store/revisions.ts';
import { configWith, storedSeconds, tempDir } from './temp-store.ts';

type Child = ChildProcessByStdio<Writable, Readable, null>;

let children: Child[] = [];
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
});

function run(script: string, ...args: string[]): Child {
  const path = new URL(script, import.meta.url).pathname;
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

/** Everything the child wrote until it had `lines` of it, and then whatever came before its end. */
async function killAfter(child: Child, lines: number): Promise<string[]> {
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return text.split('\n').slice(0, -1);
}

describe('a writer killed without warning', () => {
  it('loses nothing it has acknowledged', async () => {
    using dir = tempDir();
    const acknowledged = await killAfter(run('./writer-process.ts', dir.path), 60);
    const of = (what: string) =>
      acknowledged.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1));
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);

    const store = openStore(dir.path, { now: () => 0 });
    const { db } = store;
    const revisions = listRevisions(db, { limit: 100_000 }).map(({ revision }) => String(revision));
    const samples = storedSeconds(db, { fromS: 0, toS: 1e9 }).map(({ atS }) => String(atS));
    const intents = listIntents(db).map(({ backend }) => backend);
    const newest = latestRevision(db);
    expect(store.notice).toBeNull();
    expect(of('revision').filter((revision) => !revisions.includes(revision))).toEqual([]);
    expect(of('intent').filter((backend) => !intents.includes(backend))).toEqual([]);
    expect(of('sample').filter((second) => !samples.includes(second))).toEqual([]);
    expect(newest?.config).toEqual(configWith(`p${newest?.revision}`));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    store.close();
  });
});

describe('the lock of a data directory', () => {
  const self = { pid: process.pid, host: 'headless', startedAt: new Date(2026, 10, 20, 22, 0).getTime() };

  it('is refused while another process holds it, and free the moment that is killed', async () => {
    using dir = tempDir();
    const startedAt = new Date(2026, 10, 20, 21, 40).getTime();
    const child = run('./holder-process.ts', dir.path, String(startedAt));
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    expect(line).toBe('held\n');

    expect(acquireLock(dir.path, self)).toEqual({
      ok: false,
      heldBy: { pid: child.pid, host: 'desktop', startedAt },
      message: `Another Sluice (desktop, process ${child.pid}, since 21:40) uses ${dir.path}; close it or choose another --data`,
    });

    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = acquireLock(dir.path, self);
    expect(lock.ok).toBe(true);
    if (lock.ok) lock.release();
  });

  it('is refused within the same process too, until it is released', () => {
    using dir = tempDir();
    const first = acquireLock(dir.path, self);
    expect(acquireLock(dir.path, self)).toMatchObject({ ok: false, heldBy: self });
    if (!first.ok) throw new Error(first.message);
    first.release();
    first.release();
    const second = acquireLock(dir.path, self);
    expect(second.ok).toBe(true);
    if (second.ok) second.release();
  });

  it('names the day of a holder that started on another one', () => {
    using dir = tempDir();
    const first = acquireLock(dir.path, { ...self, startedAt: new Date(2026, 10, 18, 9, 5).getTime() });
    expect(acquireLock(dir.path, self)).toMatchObject({
      message: expect.stringContaining('since 2026-11-18 09:05'),
    });
    if (first.ok) first.release();
  });

  it('holds without knowing by whom when the note is unreadable', () => {
    using dir = tempDir();
    const first = acquireLock(dir.path, self);
    writeFileSync(join(dir.path, 'sluice.lock.json'), '{');
    expect(acquireLock(dir.path, self)).toEqual({
      ok: false,
      heldBy: null,
      message: `Another Sluice uses ${dir.path}; close it or choose another --data`,
    });
    if (first.ok) first.release();
  });

  it('replaces a lock file that is none', () => {
    using dir = tempDir();
    writeFileSync(join(dir.path, 'sluice.lock'), 'anything but a lock file, and long enough'.repeat(9));
    const lock = acquireLock(dir.path, self);
    expect(lock.ok).toBe(true);
    if (lock.ok) lock.release();
  });

  it('says so when the directory cannot be made', () => {
    using dir = tempDir();
    writeFileSync(join(dir.path, 'file'), '');
    expect(acquireLock(join(dir.path, 'file', 'below'), self)).toMatchObject({
      ok: false,
      heldBy: null,
      message: expect.stringMatching(/cannot be used: .*; choose another --data$/),
    });
  });
});
