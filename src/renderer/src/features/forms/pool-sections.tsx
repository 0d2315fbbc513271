// The parts of the pool form that most pools leave as they are: encryption, load, retries, times. Folded
// away, each with its settings in a few words.
import { useFormContext, useWatch } from 'react-hook-form';
import { PoolConfig } from '#shared/config/pool.ts';
import { PoolTls } from '#shared/config/tls.ts';
import { CheckField, ChoiceField, NumberField, TextField } from './form-fields.tsx';
import { FormSection } from './form-section.tsx';
import type { PoolValues } from './pool-values.ts';

const fields = PoolConfig.shape;
const timeouts = fields.timeouts.unwrap().shape;
const keepAlive = fields.keepAlive.unwrap().shape;
const queue = fields.queue.unwrap().shape;
const retries = fields.retries.unwrap().shape;

export function PoolSections() {
  return (
    <>
      <TlsSection />
      <HealthSection />
      <LoadSection />
      <RetrySection />
      <TimeoutSection />
      <KeepAliveSection />
    </>
  );
}

function TlsSection() {
  const { control } = useFormContext<PoolValues>();
  const tls = useWatch({ control, name: 'tls' });
  const summary = !tls.on ? 'clear text' : tls.verify ? 'TLS' : 'TLS, any certificate accepted';
  return (
    <FormSection title="Encryption to backends" summary={summary} paths={['tls']}>
      <CheckField name="tls.on" label="Connect over TLS" schema={fields.tls} />
      {tls.on && (
        <>
          <CheckField name="tls.verify" label="Verify certificates" schema={PoolTls.shape.verify} />
          <TextField
            name="tls.serverName"
            label="Server name"
            mono
            placeholder="the host of each backend’s address"
            schema={PoolTls.shape.serverName}
          />
          <TextField
            name="tls.caFile"
            label="Authorities file"
            mono
            placeholder="the system’s authorities"
            schema={PoolTls.shape.caFile}
          />
        </>
      )}
    </FormSection>
  );
}

const FIRST_CHECKS = [
  { value: 'probe-first', label: 'Probe first' },
  { value: 'optimistic', label: 'Optimistic' },
] as const;

const WHEN_ALL_DOWN = [
  { value: 'reject', label: 'Reject with 503' },
  { value: 'forward', label: 'Forward anyway' },
] as const;

function HealthSection() {
  return (
    <FormSection
      title="When health is unknown or bad"
      summary="first check, all down"
      paths={['firstCheck', 'whenAllDown']}
    >
      <ChoiceField
        name="firstCheck"
        label="A new backend"
        options={FIRST_CHECKS}
        schema={fields.firstCheck}
      />
      <ChoiceField
        name="whenAllDown"
        label="With every backend down"
        options={WHEN_ALL_DOWN}
        schema={fields.whenAllDown}
      />
    </FormSection>
  );
}

function LoadSection() {
  return (
    <FormSection title="Load" summary="in flight, queue" paths={['maxInFlight', 'queue']}>
      <NumberField name="maxInFlight" label="In flight per backend" schema={fields.maxInFlight} />
      <div className="grid grid-cols-2 gap-3">
        <NumberField name="queue.max" label="Queue" schema={queue.max} />
        <NumberField name="queue.timeoutMs" label="Longest wait" unit="ms" schema={queue.timeoutMs} />
      </div>
    </FormSection>
  );
}

function RetrySection() {
  const { control } = useFormContext<PoolValues>();
  const attempts = useWatch({ control, name: 'retries.attempts' }).trim();
  const summary = attempts === '1' ? 'never' : `up to ${attempts || '3'} backends a request`;
  return (
    <FormSection title="Retries" summary={summary} paths={['retries']}>
      <div className="grid grid-cols-2 gap-3">
        <NumberField name="retries.attempts" label="Attempts" schema={retries.attempts} />
        <NumberField name="retries.deadlineMs" label="Deadline" unit="ms" schema={retries.deadlineMs} />
        <NumberField name="retries.bodyBytes" label="Kept body" unit="B" schema={retries.bodyBytes} />
        <TextField
          name="retries.statuses"
          label="Retried statuses"
          mono
          placeholder="none"
          schema={retries.statuses}
        />
        <NumberField name="retries.budgetPct" label="Budget" unit="%" schema={retries.budgetPct} />
        <NumberField name="retries.budgetMin" label="Always allowed" schema={retries.budgetMin} />
      </div>
    </FormSection>
  );
}

function TimeoutSection() {
  return (
    <FormSection title="Timeouts" summary="connect, response, idle, drain" paths={['timeouts', 'drainMs']}>
      <div className="grid grid-cols-2 gap-3">
        <NumberField name="timeouts.connectMs" label="Connect" unit="ms" schema={timeouts.connectMs} />
        <NumberField
          name="timeouts.responseHeaderMs"
          label="Response header"
          unit="ms"
          schema={timeouts.responseHeaderMs}
        />
        <NumberField name="timeouts.idleMs" label="Idle body" unit="ms" schema={timeouts.idleMs} />
        <NumberField
          name="timeouts.tunnelIdleMs"
          label="Idle WebSocket"
          unit="ms"
          schema={timeouts.tunnelIdleMs}
        />
        <NumberField name="drainMs" label="Drain" unit="ms" schema={fields.drainMs} />
      </div>
    </FormSection>
  );
}

function KeepAliveSection() {
  return (
    <FormSection title="Keep-alive" summary="idle connections to backends" paths={['keepAlive']}>
      <div className="grid grid-cols-2 gap-3">
        <NumberField name="keepAlive.maxIdle" label="Idle connections" schema={keepAlive.maxIdle} />
        <NumberField name="keepAlive.idleMs" label="Close after" unit="ms" schema={keepAlive.idleMs} />
      </div>
    </FormSection>
  );
}
