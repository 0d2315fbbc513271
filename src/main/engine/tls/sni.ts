// Which certificate is shown for a server name: exact, then a wildcard for one whole label, else none.
// Names come in lower case, with or without the root dot; of two certificates for one name the earlier
// counts. Pure; compiled once per plan by front.ts, asked at every handshake and, to find misdirected
// requests, per request.

export interface ServerNames {
  /** Position of the certificate; -1: none is for this name. */
  find(name: string): number;
}

export function compileServerNames(certificates: readonly { hosts: readonly string[] }[]): ServerNames {
  const exact = new Map<string, number>();
  /** What follows "*." → position. */
  const wildcards = new Map<string, number>();
  certificates.forEach(({ hosts }, position) => {
    for (const host of hosts) {
      const wildcard = host.startsWith('*.');
      const names = wildcard ? wildcards : exact;
      const name = wildcard ? host.slice(2) : host;
      if (!names.has(name)) names.set(name, position);
    }
  });
  return {
    find(asked) {
      const name = asked.endsWith('.') ? asked.slice(0, -1) : asked;
      const found = exact.get(name);
      if (found !== undefined) return found;
      const dot = name.indexOf('.');
      return dot > 0 ? (wildcards.get(name.slice(dot + 1)) ?? -1) : -1;
    },
  };
}
