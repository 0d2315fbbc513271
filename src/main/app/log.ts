// The core's log: one line of JSON on standard error per event worth keeping. Traffic is not logged
// here; it is counted and recorded. Standard output belongs to the host.
import { destination, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

export function createLog(): Log {
  return pino(
    { base: undefined, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    destination({ fd: 2, sync: true }),
  );
}
