// The TLS part of the listener form: certificates, which clients are let in and what is spoken.
import { useFormContext, useWatch } from 'react-hook-form';
import { ListenerTls } from '#shared/config/tls.ts';
import { plural } from '../../lib/format.ts';
import { CertificateFields } from './certificate-fields.tsx';
import { CheckField, ChoiceField, TextField } from './form-fields.tsx';
import { FormSection } from './form-section.tsx';
import type { ListenerTlsValues } from './listener-tls-values.ts';

const fields = ListenerTls.shape;
const clientFields = fields.clientCertificates.unwrap().shape;

const UNKNOWN_NAMES = [
  { value: 'first', label: 'Show the first certificate' },
  { value: 'reject', label: 'End the handshake' },
] as const;

const VERSIONS = [
  { value: 'TLSv1.2', label: 'TLS 1.2' },
  { value: 'TLSv1.3', label: 'TLS 1.3' },
] as const;

const ASKS = [
  { value: 'no', label: 'Not asked for' },
  { value: 'optional', label: 'Asked for', hint: 'A client without one is let in' },
  { value: 'required', label: 'Required', hint: 'A client without one is refused' },
] as const;

export function ListenerTlsFields() {
  const { control } = useFormContext();
  const values = useWatch({ control, name: 'tls' }) as ListenerTlsValues;
  return (
    <FormSection title="TLS" summary={summaryOf(values)} paths={['tls']} startOpen>
      <CertificateFields />
      <div className="grid grid-cols-2 gap-3">
        <ChoiceField
          name="tls.unknownName"
          label="Unknown server name"
          options={UNKNOWN_NAMES}
          hint="A name no certificate is for, or none at all. Default: the first certificate is shown."
        />
        <ChoiceField
          name="tls.minVersion"
          label="Oldest version"
          options={VERSIONS}
          hint="Older ones are refused. Default TLS 1.2."
        />
      </div>
      <CheckField name="tls.http2" label="HTTP/2" schema={fields.http2} />
      <ChoiceField
        name="tls.clientCertificates.ask"
        label="Client certificates"
        options={ASKS}
        hint="Whether clients have to prove who they are. Default: not asked for."
      />
      {values.clientCertificates.ask !== 'no' && (
        <TextField
          name="tls.clientCertificates.caFile"
          label="Authorities of clients"
          mono
          placeholder="/etc/sluice/clients.pem"
          schema={clientFields.caFile}
        />
      )}
    </FormSection>
  );
}

/** There is none newer than 1.3. */
function versionText(oldest: ListenerTlsValues['minVersion']): string {
  const label = VERSIONS.find(({ value }) => value === oldest)?.label ?? oldest;
  return oldest === 'TLSv1.3' ? label : `${label} or newer`;
}

function summaryOf(values: ListenerTlsValues): string {
  const parts = [plural(values.certificates.length, 'certificate'), versionText(values.minVersion)];
  if (values.http2) parts.push('HTTP/2');
  if (values.clientCertificates.ask !== 'no') parts.push('client certificates');
  return parts.join(' · ');
}
