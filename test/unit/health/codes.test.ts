// Which finding a system error is. What the system calls it differs; what a person reads does not.
import { describe, expect, it } from 'vitest';
import { dialFinding, exchangeFinding } from '../../../src/main/health/codes.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('a failed dial', () => {
  it.each([
    ['ECONNREFUSED', 'L4 connection refused'],
    ['ETIMEDOUT', 'L4 timeout'],
    ['ENOTFOUND', 'L4 unknown host'],
    ['EAI_AGAIN', 'L4 unknown host'],
    ['EHOSTUNREACH', 'L4 unreachable'],
    ['ENETUNREACH', 'L4 unreachable'],
    ['EADDRNOTAVAIL', 'L4 unreachable'],
    ['ECONNRESET', 'L4 reset'],
    ['EMFILE', 'L4 failed'],
  ])('with %s is "%s"', (code, expected) => {
    expect(dialFinding(systemError(code))).toBe(expected);
  });

  it('of a name with several addresses is what the first one said', () => {
    expect(dialFinding(new AggregateError([systemError('ECONNREFUSED'), systemError('ENETUNREACH')]))).toBe(
      'L4 connection refused',
    );
  });
});

describe('a failed exchange', () => {
  it.each([
    ['UND_ERR_SOCKET', false, 'L7 no response'],
    ['ECONNRESET', false, 'L4 reset'],
    ['HPE_INVALID_CONSTANT', false, 'L7 invalid response'],
    ['UND_ERR_HEADERS_OVERFLOW', false, 'L7 invalid response'],
    ['ECONNRESET', true, 'L7 incomplete body'],
    ['UND_ERR_SOCKET', true, 'L7 incomplete body'],
  ])('with %s (head seen: %s) is "%s"', (code, headSeen, expected) => {
    expect(exchangeFinding(systemError(code), headSeen)).toBe(expected);
  });
});
