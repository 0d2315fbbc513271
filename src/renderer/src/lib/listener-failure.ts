// What is said of a listener that could not be opened. The core's sentence says what happened; this adds
// whether it accepts nothing at all, and the way out. Pure; used wherever a failed listener is shown.
import type { ListenerStatus } from '#shared/status.ts';

interface Remedy {
  text: string;
  /** What the button that opens the listener's form is called. */
  act: string;
}

const CHANGE_PORT = 'Change port…';

const REMEDIES: readonly { pattern: RegExp; fix: string; act?: string }[] = [
  {
    // First: a path in the sentence may hold any word.
    pattern: /^(certificate|listener) "/,
    fix: 'Correct the file, or name another one. Sluice reads it again as soon as it changes.',
    act: 'Edit listener…',
  },
  {
    pattern: /EADDRINUSE|in use|already uses/i,
    fix: 'Stop the program that uses the port, or choose another port. Sluice keeps trying.',
  },
  {
    pattern: /EACCES|EPERM|permission|denied|not allowed/i,
    fix: 'This account may not open that port. Choose one from 1024 up.',
  },
  {
    pattern: /EADDRNOTAVAIL|not available|no such address/i,
    fix: 'This machine does not have that address. Use 127.0.0.1, or 0.0.0.0 for all of its addresses.',
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|resolve/i,
    fix: 'That host name leads nowhere. Use an IP address of this machine.',
  },
];

export function listenerRemedy(error: string): Remedy {
  const known = REMEDIES.find((remedy) => remedy.pattern.test(error));
  return {
    text: known?.fix ?? 'Sluice keeps trying; if it does not recover, change the address or the port.',
    act: known?.act ?? CHANGE_PORT,
  };
}

/** What is to be said after the name and the address of one that failed. */
export function listenerFailure({
  error = 'no reason given',
  servedAddress,
}: Pick<ListenerStatus, 'error' | 'servedAddress'>): string {
  return servedAddress === undefined ? `does not accept connections: ${error}` : `cannot be opened: ${error}`;
}
