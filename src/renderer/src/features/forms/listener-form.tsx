// Adds or edits a listener. A new one can be given its first route by choosing a pool. Mounted by
// app-dialogs.tsx for the dialog kind "listener-form".
import { useEffect, useId, useState } from 'react';
import { type UseFormReturn, useForm, useWatch } from 'react-hook-form';
import { ListenerConfig } from '#shared/config/listener.ts';
import { askedNames, type Scheme } from '../../lib/listener-url.ts';
import type { DialogOf } from '../../live/dialogs.ts';
import { useCommand } from '../../live/use-command.ts';
import { Field, fieldDescription } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { FormDialog } from './form-dialog.tsx';
import { CheckField, ChoiceField, NumberField, TextField } from './form-fields.tsx';
import { formResolver } from './form-resolver.ts';
import { GoneDialog } from './gone-dialog.tsx';
import { ListenerSections } from './listener-sections.tsx';
import { type CertificateValues, typedNames } from './listener-tls-values.ts';
import {
  freePort,
  type ListenerSettings,
  type ListenerValues,
  listenerFormSchema,
  listenerMisfits,
  listenerValues,
  newListenerValues,
} from './listener-values.ts';
import { freeWord, nameHint } from './names.ts';
import { opensAsText } from './opens-as.ts';
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
  const httpsPort = config.listeners.find(({ protocol }) => protocol === 'https')?.port || undefined;
  if (request.listener === undefined) {
    const taken = config.listeners.map(({ port }) => port);
    return (
      <NewListenerDialog
        suggestedName={freeWord(
          'web',
          config.listeners.map(({ name }) => name),
        )}
        suggestedPorts={{ http: freePort(taken), https: freePort(taken, 'https') }}
        httpsPort={httpsPort}
        pools={config.pools.map(({ name }) => name)}
        firstPool={request.pool}
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
      httpsPort={httpsPort}
      onReload={subject.reload}
      onClose={onClose}
    />
  );
}

interface NewListenerDialogProps {
  suggestedName: string;
  suggestedPorts: Readonly<Record<Scheme, number>>;
  /** Of an https listener there is, for a redirect. */
  httpsPort: number | undefined;
  pools: readonly string[];
  /** Where its first route leads to begin with; without one the first pool. */
  firstPool: string | undefined;
  onClose: () => void;
}

/** Radix keeps the empty value for itself. */
const NO_POOL = ' ';

function NewListenerDialog(props: NewListenerDialogProps) {
  const { suggestedName, suggestedPorts, httpsPort, pools, onClose } = props;
  const form = useForm({
    resolver: formResolver(listenerFormSchema(), listenerMisfits),
    defaultValues: newListenerValues(suggestedName, suggestedPorts.http, httpsPort),
    shouldFocusError: false,
  });
  useSuggestedPort(form, suggestedPorts);
  const saving = useSave(form, 'listener');
  const add = useCommand('listeners.add', { quiet: true });
  const [firstPool, setFirstPool] = useState(
    pools.find((name) => name === props.firstPool) ?? pools[0] ?? NO_POOL,
  );
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
      <ListenerFields routes={NO_ROUTES} />
      <FirstRoute pools={pools} value={firstPool} onChange={setFirstPool} />
      <ListenerSections />
    </FormDialog>
  );
}

/** A port that was only suggested follows the protocol; one that was typed stays. */
function useSuggestedPort(
  form: UseFormReturn<ListenerValues, unknown, ListenerSettings>,
  ports: Readonly<Record<Scheme, number>>,
): void {
  const { http, https } = ports;
  const { getValues, setValue, watch } = form;
  const protocol = watch('protocol');
  useEffect(() => {
    const [suggested, other] = protocol === 'https' ? [https, http] : [http, https];
    if (getValues('port') === String(other)) setValue('port', String(suggested));
  }, [protocol, http, https, getValues, setValue]);
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
  httpsPort: number | undefined;
  onReload: () => void;
  onClose: () => void;
}

function EditListenerDialog(props: EditListenerDialogProps) {
  const { name, edited, httpsPort, onReload, onClose } = props;
  const original = edited && settingsOf(edited);
  const form = useForm({
    resolver: formResolver(listenerFormSchema(original), listenerMisfits),
    defaultValues: original ? listenerValues(original, httpsPort) : newListenerValues(name, 0, httpsPort),
    shouldFocusError: false,
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
      <ListenerFields routes={edited?.routes ?? NO_ROUTES} />
      <ListenerSections />
    </FormDialog>
  );
}

function settingsOf({ routes: _, ...settings }: ListenerConfig): ListenerSettings {
  return settings;
}

const PROTOCOLS = [
  { value: 'http', label: 'http', hint: 'HTTP/1.1 with WebSocket upgrades' },
  { value: 'https', label: 'https', hint: 'The same and HTTP/2, encrypted' },
] as const;

const fields = ListenerConfig.shape;

const NO_ROUTES: ListenerConfig['routes'] = [];

/** `routes`: the local authority also names the hosts of some. */
function ListenerFields({ routes }: { routes: ListenerConfig['routes'] }) {
  const [protocol, host, port, redirects, typed] = useWatch({
    name: ['protocol', 'host', 'port', 'redirectToHttps.on', 'tls.certificates'],
  }) as [Scheme, string, string, boolean, CertificateValues[]];
  const certificates = typedNames(typed);
  const names = certificates === undefined ? [] : askedNames({ protocol, tls: { certificates }, routes });
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_112px_112px] gap-3">
        <TextField name="name" label="Name" hint={nameHint('listener')} />
        <ChoiceField name="protocol" label="Protocol" options={PROTOCOLS} hint="Default http." />
        <NumberField name="port" label="Port" hint="0: the system chooses." />
      </div>
      <p className="-mt-2 text-xs text-muted" role="status">
        {opensAsText(protocol, host, port, names)}
      </p>
      <TextField name="host" label="Address" mono placeholder="127.0.0.1" schema={fields.host} />
      {protocol === 'http' && (
        <div className="grid grid-cols-[minmax(0,1fr)_112px] items-start gap-3">
          <CheckField name="redirectToHttps.on" label="Redirect to https" schema={fields.redirectToHttps} />
          {redirects && <NumberField name="redirectToHttps.port" label="https port" hint="Default 443." />}
        </div>
      )}
    </>
  );
}
