// What to do about a listener that could not bind. The core's sentence says what happened; this adds
// the way out. Pure; used wherever a failed listener is shown.

interface Remedy {
  pattern: RegExp;
  fix: string;
}

const REMEDIES: readonly Remedy[] = [
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

export function listenerRemedy(error: string): string {
  const known = REMEDIES.find((remedy) => remedy.pattern.test(error));
  return known?.fix ?? 'Sluice keeps trying; if it does not recover, change the address or the port.';
}
