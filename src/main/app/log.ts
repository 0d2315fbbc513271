// The core's log: events worth keeping, on standard error; standard output belongs to the host. For
// programs one line of JSON each, for a person at a terminal one sentence. Traffic is not logged here;
// it is counted and recorded.
import { destination, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

export function createLog(form: 'json' | 'plain'): Log {
  const timestamp = () => `,"time":"${new Date().toISOString()}"`;
  const standardError = destination({ fd: 2, sync: true });
  if (form === 'json') return pino({ base: undefined, timestamp }, standardError);
  const write = (line: string) => standardError.write(sentence(line));
  return pino({ base: undefined, timestamp }, { write });
}

interface Line {
  time: string;
  msg?: string;
  stack?: string;
  err?: { stack?: string };
}

function sentence(line: string): string {
  const { time, msg = '', stack, err } = JSON.parse(line) as Line;
  const details = stack ?? err?.stack;
  return `${time.slice(11, 19)} ${msg}${details === undefined ? '' : `\n${details}`}\n`;
}
