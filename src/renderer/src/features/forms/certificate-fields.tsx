// The certificates of an https listener, a card each: made by the local authority, or read from files.
// The first is the one shown where none fits, so their order is said.
import { Plus, X } from 'lucide-react';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { CertificateFromFiles, CertificateFromLocalCa } from '#shared/config/tls.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { hintOf } from './field-docs.ts';
import { ChoiceField, TextField } from './form-fields.tsx';
import { wordsFrom } from './form-schema.ts';
import { type CertificateValues, newCertificate } from './listener-tls-values.ts';
import { freeWord } from './names.ts';
import { localhostWarning } from './opens-as.ts';

const LIST = 'tls.certificates';

const SOURCES = [
  { value: 'local-ca', label: 'Local authority', hint: 'Made and renewed by Sluice for this machine' },
  { value: 'files', label: 'PEM files', hint: 'Watched; a renewed certificate is used at once' },
] as const;

interface Certificates {
  host: string;
  tls: { certificates: CertificateValues[] };
}

export function CertificateFields() {
  const { control } = useFormContext<Certificates>();
  const { fields, append, remove } = useFieldArray({ control, name: LIST });
  const [host, values] = useWatch({ control, name: ['host', LIST] });
  const warning = localhostWarning(host, values);
  const add = () =>
    append(
      newCertificate(
        freeWord(
          'local',
          values.map(({ name }) => name),
        ),
      ),
      { focusName: `${LIST}.${fields.length}.hosts` },
    );
  return (
    <div className="flex flex-col gap-2.5">
      {fields.map((field, i) => (
        <CertificateCard
          key={field.id}
          at={`${LIST}.${i}`}
          position={i + 1}
          values={values[i]}
          warning={i === 0 ? warning : undefined}
          names={fields.map((_, other) => `${LIST}.${other}.name`)}
          onRemove={fields.length > 1 ? () => remove(i) : undefined}
        />
      ))}
      <div className="flex items-center gap-3">
        <Button size="sm" onClick={add}>
          <Plus className="size-3" aria-hidden="true" />
          Add certificate
        </Button>
        <p className="text-xs text-muted">
          Chosen by the server name the client asks for: exact, then wildcard, then the first one.
        </p>
      </div>
    </div>
  );
}

/** Several names may stand in one line: what was read is said, for a space may have been meant as one. */
function hostsHint(values: CertificateValues | undefined): string | undefined {
  const files = values?.source === 'files';
  const meaning = hintOf(files ? CertificateFromFiles.shape.hosts : CertificateFromLocalCa.shape.hosts);
  const hosts = wordsFrom(values?.hosts ?? '') ?? [];
  return hosts.length < 2 ? meaning : `${hosts.length} names: ${hosts.join(', ')}. ${meaning}`;
}

interface CertificateCardProps {
  /** Path of its values. */
  at: string;
  position: number;
  values: CertificateValues | undefined;
  /** About the hosts of all of them. */
  warning: string | undefined;
  /** Paths of the names of all of them, no two of which may be the same. */
  names: string[];
  /** Undefined for the only one. */
  onRemove: (() => void) | undefined;
}

function CertificateCard({ at, position, values, warning, names, onRemove }: CertificateCardProps) {
  const files = values?.source === 'files';
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-3 pt-1.5">
      <legend className="px-1 text-xs font-medium text-muted">Certificate {position}</legend>
      <div className="flex items-start gap-3 *:flex-1">
        <ChoiceField
          name={`${at}.source`}
          label="Certificate from"
          options={SOURCES}
          hint={files ? 'Watched; a renewed one is used at once.' : 'Made and renewed by Sluice.'}
        />
        <TextField
          name={`${at}.name`}
          label="Certificate name"
          hint="Unique in this listener."
          settles={names}
        />
        {onRemove && (
          <IconButton
            label={`Remove certificate ${position}`}
            className="mt-5 size-8 flex-none"
            onClick={onRemove}
          >
            <X aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {files && (
        <>
          <TextField
            name={`${at}.certFile`}
            label="Certificate file"
            mono
            placeholder="/etc/letsencrypt/live/example.test/fullchain.pem"
            schema={CertificateFromFiles.shape.certFile}
          />
          <TextField
            name={`${at}.keyFile`}
            label="Key file"
            mono
            placeholder="/etc/letsencrypt/live/example.test/privkey.pem"
            schema={CertificateFromFiles.shape.keyFile}
          />
        </>
      )}
      <TextField
        name={`${at}.hosts`}
        label="Hosts"
        mono
        placeholder={files ? 'the names in the certificate' : 'localhost, *.localhost'}
        hint={hostsHint(values)}
        warning={warning}
      />
    </fieldset>
  );
}
