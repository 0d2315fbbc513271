// Adds or edits a listener. A new one can be given its first route by choosing a pool. Mounted by
// app.tsx for the dialog kind "listener-form".
import { zodResolver } from '@hookform/resolvers/zod';
import { useId, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { ListenerConfig } from '#shared/config/listener.ts';
import type { DialogOf } from '../../live/dialogs.ts';
import { useCommand } from '../../live/use-command.ts';
import { Field, fieldDescription } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { FormDialog } from './form-dialog.tsx';
import { NumberField, TextField } from './form-fields.tsx';
import { plainMessage } from './form-schema.ts';
import { FormSection } from './form-section.tsx';
import { GoneDialog } from './gone-dialog.tsx';
import {
  freePort,
  type ListenerSettings,
  listenerFormSchema,
  listenerValues,
  newListenerValues,
} from './listener-values.ts';
import { freeWord } from './names.ts';
import { useChangedMeanwhile, useNewestConfig, useSubject } from './use-edited.ts';
import { useSave } from './use-save.ts';

interface ListenerFormProps {
  request: DialogOf<'listener-form'>;
  onClose: () => void;
}

export function ListenerForm({ request, onClose }: ListenerFormProps) {
  const config = useNewestConfig();
  const edited = config?.listeners.find(({ name }) => name === request.listener);
  const subject = useSubject(edited);
  if (!config) return null;
  if (request.listener === undefined) {
    return (
      <NewListenerDialog
        suggestedName={freeWord(
          'web',
          config.listeners.map(({ name }) => name),
        )}
        suggestedPort={freePort(config.listeners.map(({ port }) => port))}
        pools={config.pools.map(({ name }) => name)}
        onClose={onClose}
      />
    );
  }
  if (subject.gone) return <GoneDialog what={`Listener ${request.listener}`} onClose={onClose} />;
  return (
    <EditListenerDialog
      key={subject.round}
      name={request.listener}
      edited={edited}
      onReload={subject.reload}
      onClose={onClose}
    />
  );
}

interface NewListenerDialogProps {
  suggestedName: string;
  suggestedPort: number;
  pools: readonly string[];
  onClose: () => void;
}

/** Radix keeps the empty value for itself. */
const NO_POOL = ' ';

function NewListenerDialog({ suggestedName, suggestedPort, pools, onClose }: NewListenerDialogProps) {
  const form = useForm({
    resolver: zodResolver(listenerFormSchema(), { error: plainMessage }),
    defaultValues: newListenerValues(suggestedName, suggestedPort),
  });
  const saving = useSave(form, 'listener');
  const add = useCommand('listeners.add', { quiet: true });
  const [firstPool, setFirstPool] = useState(pools[0] ?? NO_POOL);
  return (
    <FormDialog
      title="Add a listener"
      description="A port that accepts connections and routes them to pools."
      submitLabel="Add listener"
      form={form}
      saving={saving}
      focus="port"
      onClose={onClose}
      onSubmit={(settings) => {
        const routes = firstPool === NO_POOL ? [] : [{ name: 'all', pool: firstPool, match: {} }];
        return saving.save(`Added listener ${settings.name}`, () =>
          add.run({ listener: { ...settings, routes } }),
        );
      }}
    >
      <ListenerFields />
      <FirstRoute pools={pools} value={firstPool} onChange={setFirstPool} />
      <ListenerSections />
    </FormDialog>
  );
}

function FirstRoute(props: { pools: readonly string[]; value: string; onChange: (pool: string) => void }) {
  const id = useId();
  const options = [
    ...props.pools.map((pool) => ({ value: pool, label: `Everything to pool ${pool}` })),
    { value: NO_POOL, label: 'No route yet' },
  ];
  return (
    <Field
      label="First route"
      htmlFor={id}
      hint="Without a route every request gets 404. More routes can be added before it later."
    >
      <Select
        id={id}
        label="First route"
        value={props.value}
        onValueChange={props.onChange}
        options={options}
        describedBy={fieldDescription(id)}
      />
    </Field>
  );
}

interface EditListenerDialogProps {
  name: string;
  edited: ListenerConfig | undefined;
  onReload: () => void;
  onClose: () => void;
}

function EditListenerDialog({ name, edited, onReload, onClose }: EditListenerDialogProps) {
  const original = edited && settingsOf(edited);
  const form = useForm({
    resolver: zodResolver(listenerFormSchema(original), { error: plainMessage }),
    defaultValues: original ? listenerValues(original) : newListenerValues(name, 0),
  });
  const saving = useSave(form, 'listener');
  const update = useCommand('listeners.update', { quiet: true });
  const changedMeanwhile = useChangedMeanwhile(edited);
  return (
    <FormDialog
      title={`Edit listener ${name}`}
      description="Its routes stay. A new address or port opens before the old one closes where it can."
      submitLabel="Save listener"
      form={form}
      saving={saving}
      focus="port"
      changedMeanwhile={changedMeanwhile}
      onReload={onReload}
      onClose={onClose}
      onSubmit={(settings) => {
        const listener = { ...settings, routes: edited?.routes ?? [] };
        return saving.save(`Changed listener ${listener.name}`, () => update.run({ name, listener }));
      }}
    >
      <ListenerFields />
      <ListenerSections />
    </FormDialog>
  );
}

function settingsOf({ routes: _, ...settings }: ListenerConfig): ListenerSettings {
  return settings;
}

function ListenerFields() {
  const [host, port] = useWatch({ name: ['host', 'port'] }) as [string, string];
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_120px] gap-3">
        <TextField name="name" label="Name" schema={ListenerConfig.shape.name} />
        <NumberField name="port" label="Port" hint="0 to 65535" />
      </div>
      <p className="-mt-2 text-xs text-muted" role="status">
        {portText(host, port)}
      </p>
      <TextField
        name="host"
        label="Address"
        mono
        placeholder="127.0.0.1"
        schema={ListenerConfig.shape.host}
      />
    </>
  );
}

const ANY_HOST: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

function portText(host: string, port: string): string {
  if (port.trim() === '0') {
    return 'Port 0 lets the system choose a free port; the listeners page shows which one. It may be another after a restart.';
  }
  const shown = port.trim() === '' ? '…' : port.trim();
  if (ANY_HOST.has(host.trim()))
    return `Reachable from the network on port ${shown} of every address of this machine.`;
  const name = host.trim() === '' || host.trim() === '127.0.0.1' ? 'localhost' : host.trim();
  return `Opens as http://${name.includes(':') ? `[${name}]` : name}:${shown}`;
}

const timeouts = ListenerConfig.shape.timeouts.unwrap().shape;
const limits = ListenerConfig.shape.limits.unwrap().shape;

function ListenerSections() {
  return (
    <>
      <FormSection title="Timeouts" summary="request header, keep-alive, idle" paths={['timeouts']}>
        <div className="grid grid-cols-2 gap-3">
          <NumberField
            name="timeouts.requestHeaderMs"
            label="Request header"
            unit="ms"
            schema={timeouts.requestHeaderMs}
          />
          <NumberField
            name="timeouts.keepAliveMs"
            label="Keep-alive"
            unit="ms"
            schema={timeouts.keepAliveMs}
          />
          <NumberField name="timeouts.idleMs" label="Idle body" unit="ms" schema={timeouts.idleMs} />
        </div>
      </FormSection>
      <FormSection title="Limits" summary="header and URL sizes" paths={['limits']}>
        <div className="grid grid-cols-2 gap-3">
          <NumberField name="limits.headerBytes" label="Header size" unit="B" schema={limits.headerBytes} />
          <NumberField name="limits.headerLines" label="Header lines" schema={limits.headerLines} />
          <NumberField name="limits.urlBytes" label="URL length" unit="B" schema={limits.urlBytes} />
        </div>
      </FormSection>
    </>
  );
}
