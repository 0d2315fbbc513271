// Whom probes believe over TLS: the authorities a pool names, else those of the runtime and of this
// machine, where a local authority may be. Contexts are kept by content: reading hundreds of
// authorities for every probe would cost more than the probe. Called by dial.ts.
import { createSecureContext, getCACertificates, rootCertificates, type SecureContext } from 'node:tls';

/** More pools with authorities of their own than this, and contexts are made anew. */
const KEPT_MAX = 100;

const contexts = new Map<string, SecureContext>();

/** `ca` in PEM; '' for the system's. */
export function trustFor(ca: string): SecureContext {
  let context = contexts.get(ca);
  if (context === undefined) {
    if (contexts.size >= KEPT_MAX) contexts.clear();
    context = createSecureContext({ ca: ca === '' ? systemAuthorities() : ca });
    contexts.set(ca, context);
  }
  return context;
}

function systemAuthorities(): string[] {
  try {
    return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  } catch {
    // Not every runtime can read those of the machine.
    return [...rootCertificates];
  }
}
