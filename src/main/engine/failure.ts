// Every way an exchange can go wrong, and ONE table that says what follows: the answer to the client, whose
// fault it was, whether another backend may be tried. `exchange.ts` acts on it; a new failure does not
// compile until it has its row. Pure.
import { formatAddress } from '#shared/config/primitives.ts';

export type Failure =
  | 'bad-request'
  | 'request-timeout'
  | 'body-too-large'
  | 'loop'
  | 'misdirected'
  | 'tls-handshake'
  | 'no-route'
  | 'no-backend'
  | 'queue-full'
  | 'queue-timeout'
  | 'queue-deadline'
  | 'deadline'
  | 'connect-refused'
  | 'connect-unreachable'
  | 'connect-unknown-host'
  | 'connect-timeout'
  | 'connect-failed'
  | 'connect-tls'
  | 'no-response'
  | 'stream-refused'
  | 'stream-reset'
  | 'stream-cancelled'
  | 'upgrade-unsupported'
  | 'response-timeout'
  | 'response-malformed'
  | 'upgrade-mismatch'
  | 'upgrade-unproven'
  | 'response-truncated'
  | 'response-stalled'
  | 'client-gone'
  | 'client-stalled'
  | 'closed'
  | 'stopped'
  | 'fault';

/** `always`: nothing of the request was sent. `idempotent`: it may have been acted on. RFC 9110 §9.2.2. */
export type RetryRule = 'always' | 'idempotent' | 'never';

interface FailureRow {
  /** Answer while nothing was sent to the client yet; 0: there is nobody to answer. */
  status: number;
  blame: 'client' | 'backend' | 'sluice';
  retry: RetryRule;
  /** Completes "Sluice: <backend> …", or stands alone after "Sluice: " when no backend is to blame. */
  text: string;
}

export const FAILURES: Readonly<Record<Failure, FailureRow>> = {
  'bad-request': { status: 400, blame: 'client', retry: 'never', text: 'the request is malformed' },
  'request-timeout': {
    status: 408,
    blame: 'client',
    retry: 'never',
    text: 'the request header did not arrive in time',
  },
  'body-too-large': {
    status: 413,
    blame: 'client',
    retry: 'never',
    text: 'the request body is larger than the limit of this listener',
  },
  loop: {
    status: 508,
    blame: 'client',
    retry: 'never',
    text: 'the request has passed this listener before; a backend leads back to it',
  },
  misdirected: {
    status: 421,
    blame: 'client',
    retry: 'never',
    text: 'the host asked for has no certificate here, or another than this connection was opened with',
  },
  'tls-handshake': { status: 0, blame: 'client', retry: 'never', text: 'the TLS handshake failed' },
  'no-route': {
    status: 404,
    blame: 'client',
    retry: 'never',
    text: 'no route of this listener matches the request',
  },
  'no-backend': { status: 503, blame: 'sluice', retry: 'never', text: 'no backend can serve' },
  'queue-full': {
    status: 503,
    blame: 'sluice',
    retry: 'never',
    text: 'every backend is at its limit and the queue is full',
  },
  'queue-timeout': {
    status: 503,
    blame: 'sluice',
    retry: 'never',
    text: 'no backend had room for the request in time',
  },
  'queue-deadline': {
    status: 504,
    blame: 'sluice',
    retry: 'never',
    text: 'no backend had room for the request before its deadline',
  },
  deadline: {
    status: 504,
    blame: 'backend',
    retry: 'never',
    text: 'did not answer before the deadline of the request',
  },
  'connect-refused': { status: 502, blame: 'backend', retry: 'always', text: 'refused the connection' },
  'connect-unreachable': { status: 502, blame: 'backend', retry: 'always', text: 'is unreachable' },
  'connect-unknown-host': {
    status: 502,
    blame: 'backend',
    retry: 'always',
    text: 'has a host name that does not resolve',
  },
  'connect-timeout': {
    status: 504,
    blame: 'backend',
    retry: 'always',
    text: 'did not accept the connection in time',
  },
  'connect-failed': { status: 502, blame: 'backend', retry: 'always', text: 'could not be connected to' },
  'connect-tls': { status: 502, blame: 'backend', retry: 'always', text: 'failed the TLS handshake' },
  'no-response': {
    status: 502,
    blame: 'backend',
    retry: 'idempotent',
    text: 'closed the connection without answering',
  },
  // RFC 9113 §8.7: the backend says itself that it has not begun the request.
  'stream-refused': {
    status: 502,
    blame: 'backend',
    retry: 'always',
    text: 'refused the request before it began on it',
  },
  // Of a stream what 'no-response' is of a connection.
  'stream-reset': { status: 502, blame: 'backend', retry: 'idempotent', text: 'broke the request off' },
  // CANCEL is no mishap: the backend got the request and does not want it answered.
  'stream-cancelled': { status: 502, blame: 'backend', retry: 'never', text: 'broke the request off' },
  'upgrade-unsupported': {
    status: 502,
    blame: 'backend',
    retry: 'always',
    text: 'takes no WebSockets over HTTP/2',
  },
  'response-timeout': {
    status: 504,
    blame: 'backend',
    retry: 'idempotent',
    text: 'did not answer in time',
  },
  'response-malformed': { status: 502, blame: 'backend', retry: 'never', text: 'sent a malformed response' },
  'upgrade-mismatch': {
    status: 502,
    blame: 'backend',
    retry: 'never',
    text: 'switched to a protocol that was not asked for',
  },
  'upgrade-unproven': {
    status: 502,
    blame: 'backend',
    retry: 'never',
    text: 'answered the WebSocket handshake without the right Sec-WebSocket-Accept',
  },
  'response-truncated': {
    status: 502,
    blame: 'backend',
    retry: 'never',
    text: 'closed the connection in the middle of its response',
  },
  'response-stalled': {
    status: 504,
    blame: 'backend',
    retry: 'never',
    text: 'fell silent in the middle of the exchange',
  },
  'client-gone': { status: 0, blame: 'client', retry: 'never', text: 'the client left' },
  'client-stalled': {
    status: 408,
    blame: 'client',
    retry: 'never',
    text: 'the request body stopped arriving',
  },
  closed: {
    status: 503,
    blame: 'sluice',
    retry: 'never',
    text: 'the request was ended because its backend is being taken out of service',
  },
  stopped: { status: 0, blame: 'sluice', retry: 'never', text: 'Sluice was stopped' },
  fault: { status: 500, blame: 'sluice', retry: 'never', text: 'an internal fault ended the exchange' },
};

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** RFC 9110 §9.2.2: the methods a proxy may repeat on its own. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

/** Why a connection could not be opened, from the code of the socket's error. */
export function connectFailure(code: string | undefined): Failure {
  switch (code) {
    case 'ECONNREFUSED':
      return 'connect-refused';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
      return 'connect-unreachable';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NONAME':
      return 'connect-unknown-host';
    case 'ETIMEDOUT':
      return 'connect-timeout';
    default:
      return 'connect-failed';
  }
}

/** "Sluice: backend api/api-1 (127.0.0.1:3001) refused the connection". `detail` is added when known. */
export function backendFailureText(
  failure: Failure,
  pool: string,
  backend: { name: string; host: string; port: number },
  detail: string,
): string {
  const where = `backend ${pool}/${backend.name} (${formatAddress(backend.host, backend.port)})`;
  return `Sluice: ${where} ${FAILURES[failure].text}${detail === '' ? '' : `: ${detail}`}`;
}

/** The sentence the client gets. */
export function failureText(
  failure: Failure,
  pool: string,
  backend: { name: string; host: string; port: number } | null,
  detail: string,
): string {
  return FAILURES[failure].blame === 'backend' && backend !== null
    ? backendFailureText(failure, pool, backend, detail)
    : ownFailureText(failure, detail);
}

/** `detail`, where there is one, says it more precisely than the table. */
export function ownFailureText(failure: Failure, detail: string): string {
  return `Sluice: ${detail === '' ? FAILURES[failure].text : detail}`;
}
