// The closed list of what a probe can find, by layer: L4 is reaching the address, L6 its encryption, L7
// what was said on it. One table: a new code does not compile until it has a verdict and a sentence.
// Pure; used by the probes, which add what was seen, and by nobody else.

/** What happened apart from a status, which is its own code: `L7 503`. */
export type FindingCode =
  | 'L4 ok'
  | 'L4 connection refused'
  | 'L4 timeout'
  | 'L4 unknown host'
  | 'L4 unreachable'
  | 'L4 reset'
  | 'L4 failed'
  | 'L6 ok'
  | 'L6 timeout'
  | 'L6 failed'
  | 'L6 settings'
  | 'L7 timeout'
  | 'L7 no response'
  | 'L7 invalid response'
  | 'L7 incomplete body'
  | 'L7 body mismatch'
  | 'L7 json mismatch'
  | 'L7 internal';

export type CheckCode = FindingCode | `L7 ${number}`;

/** What a sentence may name. `seen` is the probe's own finding or the system's message. */
export interface FindingContext {
  address: string;
  timeoutMs: number;
  seen: string;
}

interface FindingRow {
  ok: boolean;
  sentence(context: FindingContext): string;
}

export const FINDINGS: Readonly<Record<FindingCode, FindingRow>> = {
  'L4 ok': { ok: true, sentence: () => '' },
  'L4 connection refused': {
    ok: false,
    sentence: ({ address }) => `${address} refused the connection: nothing listens there`,
  },
  'L4 timeout': {
    ok: false,
    sentence: ({ address, timeoutMs }) => `${address} did not accept a connection within ${timeoutMs} ms`,
  },
  'L4 unknown host': {
    ok: false,
    sentence: ({ address }) => `the host name of ${address} could not be resolved`,
  },
  'L4 unreachable': { ok: false, sentence: ({ address }) => `there is no network route to ${address}` },
  'L4 reset': { ok: false, sentence: ({ address }) => `${address} reset the connection` },
  'L4 failed': { ok: false, sentence: ({ address, seen }) => `connecting to ${address} failed: ${seen}` },
  'L6 ok': { ok: true, sentence: () => '' },
  'L6 timeout': {
    ok: false,
    sentence: ({ address, timeoutMs }) =>
      `${address} accepted the connection but did not complete the TLS handshake within ${timeoutMs} ms`,
  },
  'L6 failed': { ok: false, sentence: ({ address, seen }) => `${address} failed the TLS handshake: ${seen}` },
  'L6 settings': { ok: false, sentence: ({ seen }) => seen },
  'L7 timeout': {
    ok: false,
    sentence: ({ timeoutMs, seen }) => `${seen} within ${timeoutMs} ms`,
  },
  'L7 no response': {
    ok: false,
    sentence: ({ address }) => `${address} accepted the request and closed without an answer`,
  },
  'L7 invalid response': { ok: false, sentence: ({ seen }) => `the answer is not valid HTTP: ${seen}` },
  'L7 incomplete body': {
    ok: false,
    sentence: ({ seen }) => `the connection broke off in the body of ${seen}`,
  },
  'L7 body mismatch': { ok: false, sentence: ({ seen }) => seen },
  'L7 json mismatch': { ok: false, sentence: ({ seen }) => seen },
  'L7 internal': { ok: false, sentence: ({ seen }) => `the probe itself failed: ${seen}` },
};

/** System errors that have a code of their own; every other one is `L4 failed`. */
const SYSTEM_ERRORS: Readonly<Record<string, FindingCode>> = {
  ECONNREFUSED: 'L4 connection refused',
  ETIMEDOUT: 'L4 timeout',
  ENOTFOUND: 'L4 unknown host',
  EAI_AGAIN: 'L4 unknown host',
  EAI_NONAME: 'L4 unknown host',
  EAI_NODATA: 'L4 unknown host',
  EHOSTUNREACH: 'L4 unreachable',
  ENETUNREACH: 'L4 unreachable',
  EHOSTDOWN: 'L4 unreachable',
  ENETDOWN: 'L4 unreachable',
  EADDRNOTAVAIL: 'L4 unreachable',
  ECONNRESET: 'L4 reset',
  ECONNABORTED: 'L4 reset',
  EPIPE: 'L4 reset',
};

/** Classifies a failed dial. A name with several addresses fails with one error for each: the first decides. */
export function dialFinding(error: unknown): FindingCode {
  return SYSTEM_ERRORS[errorCode(error)] ?? 'L4 failed';
}

/** Classifies a failure after the connection stood. `UND_ERR_SOCKET`: undici saw the other side close. */
export function exchangeFinding(error: unknown, headSeen: boolean): FindingCode {
  if (headSeen) return 'L7 incomplete body';
  const code = errorCode(error);
  if (code === 'UND_ERR_SOCKET') return 'L7 no response';
  return SYSTEM_ERRORS[code] === 'L4 reset' ? 'L4 reset' : 'L7 invalid response';
}

export function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return '';
}

export function errorMessage(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorMessage(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
