// The health check part of the pool form. Shows only the fields of the chosen type; the others keep
// what was typed in them.
import { useFormContext, useWatch } from 'react-hook-form';
import { HttpHealthCheck } from '#shared/config/health-check.ts';
import { ChoiceField, NumberField, TextField } from './form-fields.tsx';
import { FormSection } from './form-section.tsx';
import type { HealthCheckType, HealthCheckValues } from './health-check-values.ts';

const TYPES: readonly { value: HealthCheckType; label: string; hint: string }[] = [
  { value: 'http', label: 'HTTP request', hint: 'Healthy when the answer is as expected' },
  { value: 'tcp', label: 'TCP connection', hint: 'Healthy when a connection opens; nothing is sent' },
  { value: 'none', label: 'No check', hint: 'Every backend gets requests, whether it works or not' },
];

const METHODS = HttpHealthCheck.shape.method
  .unwrap()
  .options.map((method) => ({ value: method, label: method }));

const fields = HttpHealthCheck.shape;

export function HealthCheckFields({ startOpen }: { startOpen: boolean }) {
  const { control } = useFormContext();
  const values = useWatch({ control, name: 'healthCheck' }) as HealthCheckValues;
  return (
    <FormSection
      title="Health check"
      summary={summaryOf(values)}
      paths={['healthCheck']}
      startOpen={startOpen}
    >
      <ChoiceField
        name="healthCheck.type"
        label="Type"
        options={TYPES}
        hint="How Sluice finds out whether a backend works."
      />
      {values.type === 'http' && <HttpFields />}
      {values.type !== 'none' && <ScheduleFields />}
    </FormSection>
  );
}

function HttpFields() {
  return (
    <>
      <div className="grid grid-cols-[120px_minmax(0,1fr)] gap-3">
        <ChoiceField name="healthCheck.method" label="Method" hint="Default GET." options={METHODS} />
        <TextField name="healthCheck.path" label="Path" mono placeholder="/" schema={fields.path} />
      </div>
      <TextField
        name="healthCheck.expectStatus"
        label="Expected status"
        mono
        placeholder="200-399"
        schema={fields.expectStatus}
      />
      <TextField
        name="healthCheck.expectBody"
        label="Body contains"
        placeholder="anything"
        schema={fields.expectBody}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          name="healthCheck.expectJson.path"
          label="JSON field"
          mono
          placeholder="checks.db.status"
          hint="Names joined by dots. Empty: the body need not be JSON."
        />
        <TextField
          name="healthCheck.expectJson.equals"
          label="equals"
          mono
          placeholder="ok"
          hint='true, 12 and null are values; quote them to mean text: "12".'
        />
      </div>
      <TextField
        name="healthCheck.host"
        label="Host header"
        mono
        placeholder="the backend’s address"
        schema={fields.host}
      />
    </>
  );
}

function ScheduleFields() {
  return (
    <div className="grid grid-cols-2 gap-3">
      <NumberField
        name="healthCheck.intervalMs"
        label="Interval"
        unit="ms"
        schema={fields.intervalMs}
        settles={['healthCheck.timeoutMs']}
      />
      <NumberField name="healthCheck.timeoutMs" label="Timeout" unit="ms" schema={fields.timeoutMs} />
      <NumberField name="healthCheck.fall" label="Fall" schema={fields.fall} />
      <NumberField name="healthCheck.rise" label="Rise" schema={fields.rise} />
    </div>
  );
}

function summaryOf(values: HealthCheckValues): string {
  if (values.type === 'none') return 'none';
  const what = values.type === 'tcp' ? 'TCP connection' : `${values.method} ${values.path || '/'}`;
  return `${what} · every ${values.intervalMs || '5000'} ms · fall ${values.fall || '3'}, rise ${values.rise || '2'}`;
}
