// The three locks of the control endpoint: Host, Origin, token.
import { describe, expect, it } from 'vitest';
import { checkHost, checkOrigin, checkToken, tokensEqual } from '../../../src/main/headless/guard.ts';

const PORT = 7070;

describe('the Host header', () => {
  it.each(['127.0.0.1:7070', 'localhost:7070', 'LOCALHOST:7070', '[::1]:7070'])('may be %s', (host) => {
    expect(checkHost({ host }, PORT)).toBeUndefined();
  });

  it.each([
    undefined,
    'localhost',
    'localhost:80',
    'evil.example:7070',
    '127.0.0.1.evil.example:7070',
    '0.0.0.0:7070',
  ])('may not be %s', (host) => {
    expect(checkHost({ host }, PORT)).toMatchObject({ code: 'forbidden' });
  });

  it('needs no port on port 80', () => {
    expect(checkHost({ host: 'localhost' }, 80)).toBeUndefined();
  });
});

describe('the Origin header', () => {
  it.each([undefined, 'http://127.0.0.1:7070', 'http://localhost:7070'])('may be %s', (origin) => {
    expect(checkOrigin({ origin }, PORT)).toBeUndefined();
  });

  it.each([
    'null',
    'https://localhost:7070',
    'http://localhost:7071',
    'http://evil.example',
    'http://localhost:7070.evil',
  ])('may not be %s', (origin) => {
    expect(checkOrigin({ origin }, PORT)).toMatchObject({ code: 'forbidden' });
  });
});

describe('the token', () => {
  it.each([
    ['Bearer secret', true],
    ['bearer secret', true],
    ['Bearer secre', false],
    ['Bearer secret2', false],
    ['Bearer', false],
    ['Basic secret', false],
    [undefined, false],
  ])('%j opens: %j', (authorization, opens) => {
    expect(checkToken({ authorization }, 'secret') === undefined).toBe(opens);
  });

  it('is compared whole, whatever the lengths', () => {
    expect([tokensEqual('a', 'a'), tokensEqual('a', 'ab'), tokensEqual('', 'a')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
