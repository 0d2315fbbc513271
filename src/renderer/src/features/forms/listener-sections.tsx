// The parts of the listener form that most listeners leave as they are: proxies in front, times, limits.
import { useFormContext, useWatch } from 'react-hook-form';
import { ListenerConfig } from '#shared/config/listener.ts';
import { CheckField, LinesField, NumberField } from './form-fields.tsx';
import { wordsFrom } from './form-schema.ts';
import { FormSection } from './form-section.tsx';
import { ListenerTlsFields } from './listener-tls-fields.tsx';

const fields = ListenerConfig.shape;
const timeouts = fields.timeouts.unwrap().shape;
const limits = fields.limits.unwrap().shape;

export function ListenerSections() {
  const { control } = useFormContext();
  const protocol = useWatch({ control, name: 'protocol' });
  return (
    <>
      {protocol === 'https' && <ListenerTlsFields />}
      <ProxySection />
      <TimeoutSection isHttps={protocol === 'https'} />
      <LimitSection />
    </>
  );
}

function ProxySection() {
  const { control } = useFormContext();
  const [trusted, forwarded, via] = useWatch({
    control,
    name: ['trustedProxies', 'forwarded', 'via'],
  }) as [string, boolean, boolean];
  const count = wordsFrom(trusted)?.length ?? 0;
  const summary = [
    count === 0 ? 'no trusted proxies' : `${count} trusted`,
    ...(forwarded ? ['Forwarded'] : []),
    ...(via ? ['Via'] : []),
  ].join(' · ');
  return (
    <FormSection
      title="Proxies and forwarding"
      summary={summary}
      paths={['trustedProxies', 'forwarded', 'via']}
    >
      <LinesField
        name="trustedProxies"
        label="Trusted proxies, one per line"
        placeholder={'10.0.0.0/8\n192.0.2.7'}
        schema={fields.trustedProxies}
      />
      <CheckField name="via" label="Via field" schema={fields.via} />
      <CheckField name="forwarded" label="Forwarded field" schema={fields.forwarded} />
    </FormSection>
  );
}

function TimeoutSection({ isHttps }: { isHttps: boolean }) {
  const common = 'request header, keep-alive, idle, half-closed';
  return (
    <FormSection
      title="Timeouts"
      summary={isHttps ? `TLS handshake, ${common}` : common}
      paths={['timeouts']}
    >
      <div className="grid grid-cols-2 gap-3">
        {isHttps && (
          <NumberField
            name="timeouts.tlsHandshakeMs"
            label="TLS handshake"
            unit="ms"
            schema={timeouts.tlsHandshakeMs}
          />
        )}
        <NumberField
          name="timeouts.requestHeaderMs"
          label="Request header"
          unit="ms"
          schema={timeouts.requestHeaderMs}
        />
        <NumberField name="timeouts.keepAliveMs" label="Keep-alive" unit="ms" schema={timeouts.keepAliveMs} />
        <NumberField name="timeouts.idleMs" label="Idle body" unit="ms" schema={timeouts.idleMs} />
        <NumberField
          name="timeouts.halfClosedMs"
          label="Half-closed client"
          unit="ms"
          schema={timeouts.halfClosedMs}
        />
      </div>
    </FormSection>
  );
}

function LimitSection() {
  return (
    <FormSection title="Limits" summary="sizes, connections, streams" paths={['limits']}>
      <div className="grid grid-cols-2 gap-3">
        <NumberField name="limits.headerBytes" label="Header size" unit="B" schema={limits.headerBytes} />
        <NumberField name="limits.headerLines" label="Header lines" schema={limits.headerLines} />
        <NumberField name="limits.urlBytes" label="URL length" unit="B" schema={limits.urlBytes} />
        <NumberField name="limits.bodyBytes" label="Body size" unit="B" schema={limits.bodyBytes} />
        <NumberField
          name="limits.bodyMinBytesPerS"
          label="Slowest body"
          unit="B/s"
          schema={limits.bodyMinBytesPerS}
        />
        <NumberField
          name="limits.keepAliveRequests"
          label="Requests per connection"
          schema={limits.keepAliveRequests}
        />
        <NumberField name="limits.connections" label="Connections" schema={limits.connections} />
        <NumberField
          name="limits.connectionsPerClient"
          label="Connections per client"
          schema={limits.connectionsPerClient}
        />
        <NumberField name="limits.http2Streams" label="HTTP/2 streams" schema={limits.http2Streams} />
      </div>
    </FormSection>
  );
}
