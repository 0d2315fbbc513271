// One TLS server per certificate of a listener: none of them listens, each takes over connections
// that were accepted elsewhere. Contexts are kept by content, so a plan that changes one certificate
// leaves the tickets of the others valid, and a session of one is never resumed by another.
// Called by front.ts for every plan.
import { createHash } from 'node:crypto';
import tls from 'node:tls';
import type { CertificatePlan, ListenerTlsPlan } from '../plan.ts';
import { ticketKeys } from './ticket-keys.ts';

export interface CertificateContext {
  /** Digest of everything that decides how it behaves. */
  readonly content: string;
  readonly server: tls.Server;
}

/** The engine's own, coarse timers limit handshakes; this one only has to be later. */
const HANDSHAKE_TIMEOUT_MS = 3_600_000;

/** In the order of `plan.certificates`. Throws when a certificate cannot be used, and then nothing has changed. */
export function openContexts(
  plan: ListenerTlsPlan,
  current: readonly CertificateContext[],
  onSecure: (socket: tls.TLSSocket) => void,
): CertificateContext[] {
  const contexts = plan.certificates.map((certificate) => {
    const content = contentOf(certificate, plan);
    const kept = current.find((context) => context.content === content);
    return kept ?? { content, server: createServer(certificate, plan, content, onSecure) };
  });
  // Only now that nothing can fail any more: kept ones are in use.
  for (const { content, server } of contexts) server.setTicketKeys(ticketKeys(plan.ticketSecret, content));
  return contexts;
}

function contentOf(certificate: CertificatePlan, plan: ListenerTlsPlan): string {
  const { minVersion, http2, clientCa, clientCertificateRequired } = plan;
  const parts = [certificate.cert, certificate.key, minVersion, http2, clientCa, clientCertificateRequired];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function createServer(
  certificate: CertificatePlan,
  plan: ListenerTlsPlan,
  content: string,
  onSecure: (socket: tls.TLSSocket) => void,
): tls.Server {
  const server = tls.createServer({
    cert: certificate.cert,
    key: certificate.key,
    minVersion: plan.minVersion,
    ALPNProtocols: plan.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    // At most 32 characters.
    sessionIdContext: content.slice(0, 32),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    ...(plan.clientCa === ''
      ? {}
      : { ca: plan.clientCa, requestCert: true, rejectUnauthorized: plan.clientCertificateRequired }),
  });
  server.on('secureConnection', onSecure);
  return server;
}
