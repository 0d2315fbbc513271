// The failure table and the words made from it.
import { describe, expect, it } from 'vitest';
import {
  backendFailureText,
  connectFailure,
  FAILURES,
  isIdempotent,
  ownFailureText,
} from '../../../src/main/engine/failure.ts';

describe('the failure table', () => {
  it('repeats a request only for the backend’s sake, and blindly only when nothing was sent', () => {
    for (const [name, row] of Object.entries(FAILURES)) {
      if (row.retry !== 'never') expect([name, row.blame]).toEqual([name, 'backend']);
      if (row.retry === 'always') expect(name).toMatch(/^(connect-|stream-refused$|upgrade-unsupported$)/);
    }
  });

  it('answers a backend’s failure with 502 or 504', () => {
    const statuses = Object.values(FAILURES)
      .filter((row) => row.blame === 'backend')
      .map((row) => row.status);
    expect([...new Set(statuses)].toSorted()).toEqual([502, 504]);
  });
});

describe('connectFailure', () => {
  for (const [code, failure] of [
    ['ECONNREFUSED', 'connect-refused'],
    ['EHOSTUNREACH', 'connect-unreachable'],
    ['ENOTFOUND', 'connect-unknown-host'],
    ['ETIMEDOUT', 'connect-timeout'],
    ['EMFILE', 'connect-failed'],
    [undefined, 'connect-failed'],
  ] as const) {
    it(`is ${failure} for ${code}`, () => expect(connectFailure(code)).toBe(failure));
  }
});

describe('the words', () => {
  it('name pool, backend, address and cause', () => {
    expect(backendFailureText('connect-refused', 'api', { name: 'api-1', host: '::1', port: 3001 }, '')).toBe(
      'Sluice: backend api/api-1 ([::1]:3001) refused the connection',
    );
  });

  it('add the detail where there is one', () => {
    expect(backendFailureText('response-malformed', 'p', { name: 'b', host: 'h', port: 1 }, 'No colon')).toBe(
      'Sluice: backend p/b (h:1) sent a malformed response: No colon',
    );
    expect(ownFailureText('no-backend', 'pool api has no backends')).toBe('Sluice: pool api has no backends');
    expect(ownFailureText('no-route', '')).toBe('Sluice: no route of this listener matches the request');
  });
});

describe('isIdempotent', () => {
  it('follows RFC 9110 §9.2.2, by exact case', () => {
    expect(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'].every(isIdempotent)).toBe(true);
    expect(['POST', 'PATCH', 'LOCK', 'get', ''].some(isIdempotent)).toBe(false);
  });
});
