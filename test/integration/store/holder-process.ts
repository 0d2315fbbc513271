// Run as a process of its own: takes the lock of a data directory, says so and waits to be killed.
import { acquireLock } from '../../../src/main/store/lock.ts';

const lock = acquireLock(process.argv[2] ?? '', {
  pid: process.pid,
  host: 'desktop',
  startedAt: Number(process.argv[3]),
});
process.stdout.write(lock.ok ? 'held\n' : `refused: ${lock.message}\n`);
// Pending until the parent ends.
process.stdin.resume();
