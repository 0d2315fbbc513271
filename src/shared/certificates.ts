// What people see of certificates: those that listeners show, and the local authority that makes some
// of them. Output of the `certificates.*` operations.
import { z } from 'zod';

export const CertificateStatus = z.object({
  listener: z.string(),
  name: z.string(),
  source: z.enum(['files', 'local-ca']),
  /** Server names it is shown for. */
  hosts: z.array(z.string()),
  /** Who signed it; empty when it cannot be read. */
  issuer: z.string(),
  /** SHA-256 of the certificate, as browsers show it; empty when it cannot be read. */
  fingerprint: z.string(),
  /** Its last moment, ms since the epoch; null when it cannot be read. */
  notAfter: z.number().nullable(),
  /** Whole days until then; negative once it has expired. */
  daysLeft: z.number().nullable(),
  /** What is wrong with it or soon will be, a sentence; empty when nothing is. */
  problem: z.string(),
});
export type CertificateStatus = z.infer<typeof CertificateStatus>;

/** Whether programs of this machine believe the local authority. Browsers may have lists of their own. */
export const TrustState = z.enum(['trusted', 'not-trusted', 'unknown']);
export type TrustState = z.infer<typeof TrustState>;

export const TrustCommand = z.object({
  /** System, or program, it is for. */
  os: z.string(),
  /** What to type, or where to click. */
  command: z.string(),
});
export type TrustCommand = z.infer<typeof TrustCommand>;

export const AuthorityStatus = z.object({
  /** False until the first listener needs a certificate of it. */
  exists: z.boolean(),
  /** File of its certificate. */
  path: z.string(),
  /** SHA-256, as browsers show it; empty until it exists. */
  fingerprint: z.string(),
  notAfter: z.number().nullable(),
  trust: TrustState,
  /** How to have it believed, for each system; empty until it exists. */
  commands: z.array(TrustCommand),
  /** Its certificate; empty until it exists. */
  pem: z.string(),
});
export type AuthorityStatus = z.infer<typeof AuthorityStatus>;
