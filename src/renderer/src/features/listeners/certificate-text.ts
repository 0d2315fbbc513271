// What the listeners page says about a certificate: until when, how bad it is. Pure.
import type { CertificateStatus } from '#shared/certificates.ts';
import { plural } from '../../lib/format.ts';
import type { MarkShape, Tone } from '../../lib/state-marks.ts';

/** "expires in 89 days", "expired 3 days ago"; empty while its end is not known. */
export function expiryText(daysLeft: number | null): string {
  if (daysLeft === null) return '';
  if (daysLeft < 0) return `expired ${plural(-daysLeft, 'day')} ago`;
  return daysLeft === 0 ? 'expires today' : `expires in ${plural(daysLeft, 'day')}`;
}

/** Null while nothing is wrong. Not readable or expired: clients are refused. */
export function problemMark({
  problem,
  daysLeft,
}: Pick<CertificateStatus, 'problem' | 'daysLeft'>): { shape: MarkShape; tone: Tone } | null {
  if (daysLeft === null || daysLeft < 0) return { shape: 'square', tone: 'down' };
  return problem === '' ? null : { shape: 'half', tone: 'warn' };
}
