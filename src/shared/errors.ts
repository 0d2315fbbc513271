// The closed list of ways an operation can be refused, and everything each carrier needs to know
// about it. One table: a new code does not compile until it has a title, an HTTP status and an exit code.
// The exit codes, and which calls may be repeated, are for the command line (ADR 0005), which is to come.

/**
 * One problem with one field. `path` is dotted from the root of what was sent, for a whole Config from
 * the Config's: `pools.0.backends.1.weight`, `backend.address`.
 */
export interface Issue {
  path: string;
  code: string;
  message: string;
}

export type ErrorCode =
  | 'invalid'
  | 'not-found'
  | 'conflict'
  | 'unauthorized'
  | 'forbidden'
  | 'unavailable'
  | 'internal';

interface ErrorRow {
  /** What a person sees as the heading. */
  title: string;
  httpStatus: number;
  exitCode: number;
  /** The same call may succeed later without any change. */
  retryable: boolean;
}

export const ERRORS: Readonly<Record<ErrorCode, ErrorRow>> = {
  invalid: { title: 'Not valid', httpStatus: 422, exitCode: 2, retryable: false },
  'not-found': { title: 'Not found', httpStatus: 404, exitCode: 3, retryable: false },
  conflict: { title: 'Changed meanwhile', httpStatus: 409, exitCode: 4, retryable: false },
  unauthorized: { title: 'Token missing or wrong', httpStatus: 401, exitCode: 5, retryable: false },
  forbidden: { title: 'Refused', httpStatus: 403, exitCode: 5, retryable: false },
  unavailable: { title: 'Not available now', httpStatus: 503, exitCode: 7, retryable: true },
  internal: { title: 'Unexpected failure', httpStatus: 500, exitCode: 70, retryable: false },
};

export interface WireError {
  code: ErrorCode;
  message: string;
  issues?: Issue[];
}

/** What every operation answers, over every carrier. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: WireError };

/** An expected refusal inside the core; `serve` turns it into a WireError. Any other throw is a bug. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly issues: Issue[] | undefined;

  constructor(code: ErrorCode, message: string, issues?: Issue[]) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.issues = issues;
  }

  toWire(): WireError {
    const wire: WireError = { code: this.code, message: this.message };
    if (this.issues && this.issues.length > 0) wire.issues = this.issues;
    return wire;
  }
}

/** "3 problems: pools.0.name: is required; …": issues in one line, the first `most` of them. */
export function summarize(issues: readonly Issue[], most = 3): string {
  const lines = issues
    .slice(0, most)
    .map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`));
  const rest = issues.length > most ? `; and ${issues.length - most} more` : '';
  return `${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}: ${lines.join('; ')}${rest}`;
}
