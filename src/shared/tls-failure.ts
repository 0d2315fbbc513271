// Why a TLS handshake with a backend failed, in words that name the way out. One table for traffic
// and probes, so both say the same. Pure; called by the engine's and the health checker's dialling.

const UNTRUSTED = 'its certificate is not from a trusted authority; name the authority in tls.caFile';

/** By the code of the error Node reports. */
const REASONS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  INVALID_PURPOSE: 'its certificate is not one for servers',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks no version of TLS from 1.2 on',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it speaks no version of TLS from 1.2 on',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it asks for a client certificate',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'it does not offer the protocol of this pool',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'it has no certificate for this name; see tls.serverName',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
};

export interface TlsError {
  code?: string | undefined;
  /** OpenSSL's or the verification's own words. */
  reason?: string | undefined;
}

/** `name` is the one that was verified. Completes "backend … failed the TLS handshake: ". */
export function tlsFailureText(error: TlsError, name: string): string {
  const { code = '', reason = '' } = error;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `its certificate is not for ${name}; name the one it is for in tls.serverName`;
  }
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  return known ?? (reason === '' ? code || 'unknown reason' : reason);
}
