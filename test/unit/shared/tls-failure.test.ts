// Every failed handshake is said in words that name the way out, or at least in OpenSSL's own.
import { describe, expect, it } from 'vitest';
import { tlsFailureText } from '#shared/tls-failure.ts';

describe('tlsFailureText', () => {
  it.each([
    [
      { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      'its certificate is not from a trusted authority; name the authority in tls.caFile',
    ],
    [{ code: 'CERT_HAS_EXPIRED' }, 'its certificate has expired'],
    [
      { code: 'ERR_TLS_CERT_ALTNAME_INVALID', reason: 'Host: …' },
      'its certificate is not for a.test; name the one it is for in tls.serverName',
    ],
    [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER', reason: 'wrong version number' }, 'it does not speak TLS'],
    [{ code: 'ECONNRESET' }, 'it closed the connection'],
    [{ code: 'ERR_SSL_NEW_IN_OPENSSL', reason: 'something new' }, 'something new'],
    [{ code: 'constructor' }, 'constructor'],
    [{}, 'unknown reason'],
  ])('of %j', (error, text) => {
    expect(tlsFailureText(error, 'a.test')).toBe(text);
  });
});
