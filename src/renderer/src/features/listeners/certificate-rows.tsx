// The certificates an https listener shows, a line each under it: for which names, until when, and what
// is wrong with one in the core's words.
import { LockKeyhole } from 'lucide-react';
import type { CertificateStatus, TrustState } from '#shared/certificates.ts';
import { cn } from '../../lib/class-names.ts';
import { inFormWords } from '../../lib/field-words.ts';
import { formatDateTime } from '../../lib/format.ts';
import { hrefOf } from '../../lib/route.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { expiryText, problemMark } from './certificate-text.ts';
import { NARROW_ROW } from './narrow-row.ts';

interface CertificateRowsProps {
  certificates: readonly CertificateStatus[];
  /** Why the listener accepts nothing, as said above; empty while it does. */
  failure: string;
  /** Of the local authority; undefined until it is known. */
  trust: TrustState | undefined;
}

export function CertificateRows({ certificates, failure, trust }: CertificateRowsProps) {
  return certificates.map((certificate) => (
    <CertificateRow key={certificate.name} certificate={certificate} failure={failure} trust={trust} />
  ));
}

interface CertificateRowProps {
  certificate: CertificateStatus;
  failure: string;
  trust: TrustState | undefined;
}

function CertificateRow({ certificate, failure, trust }: CertificateRowProps) {
  const { name, source, hosts, issuer, fingerprint, notAfter, daysLeft, problem } = certificate;
  // The core names the day; the same again as a count would only repeat it.
  const saysExpiry = /^expire/.test(problem);
  const distrusted = source === 'local-ca' && trust === 'not-trusted' && daysLeft !== null;
  return (
    <tr className={cn('bg-raised', NARROW_ROW)}>
      <td className="pb-2.5 pl-[35px] align-top">
        <span className="flex items-center gap-2 text-muted">
          <LockKeyhole className="size-3 shrink-0" aria-hidden="true" />
          <span className="truncate" title={`Certificate ${name}`}>
            <span className="sr-only">Certificate </span>
            {name}
          </span>
        </span>
      </td>
      <td colSpan={5} className="pr-3.5 pb-2.5 pl-2 align-top max-[979px]:flex-[1_1_240px]">
        <p className="flex flex-wrap items-baseline gap-x-3" title={fingerprint && `SHA-256 ${fingerprint}`}>
          {hosts.length > 0 && <span className="font-mono text-xs wrap-anywhere">{hosts.join(', ')}</span>}
          {notAfter === null && <span className="text-xs text-down">cannot be used</span>}
          <span
            className="text-xs text-muted"
            title={notAfter === null ? undefined : formatDateTime(notAfter)}
          >
            {[issuer && `by ${issuer}`, saysExpiry ? '' : expiryText(daysLeft)]
              .filter((part) => part !== '')
              .join(' · ')}
          </span>
        </p>
        {(problem === '' || !failure.includes(problem)) && <Problem certificate={certificate} />}
        {problem === '' && distrusted && (
          <p className="text-xs text-muted">
            This machine does not trust its authority yet.{' '}
            <a href={hrefOf({ page: 'settings', part: 'authority' })} className="text-accent-text underline">
              Trust it…
            </a>
          </p>
        )}
      </td>
    </tr>
  );
}

function Problem({ certificate }: { certificate: CertificateStatus }) {
  const mark = problemMark(certificate);
  if (mark === null) return null;
  return (
    <p className="mt-0.5 flex items-baseline gap-2 text-xs">
      <span className="relative top-px">
        <StateMark shape={mark.shape} tone={mark.tone} size={9} />
      </span>
      <span className={mark.tone === 'down' ? 'text-down' : 'text-warn'}>
        {inFormWords(certificate.problem) || expiryText(certificate.daysLeft) || 'It cannot be read.'}
      </span>
    </p>
  );
}
