// Adds or edits a route of a listener. Mounted by app-dialogs.tsx for the dialog kind "route-form".
import { useId, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { type ListenerConfig, RouteConfig, RouteMatch } from '#shared/config/listener.ts';
import type { DialogOf } from '../../live/dialogs.ts';
import { useCommand } from '../../live/use-command.ts';
import { Field, fieldDescription } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { FormDialog } from './form-dialog.tsx';
import { ChoiceField, TextField } from './form-fields.tsx';
import { formResolver } from './form-resolver.ts';
import { GoneDialog } from './gone-dialog.tsx';
import { nameHint } from './names.ts';
import {
  defaultPlace,
  freeRouteName,
  likelyListener,
  listenerText,
  literalStarText,
  newRouteValues,
  routeFormSchema,
  routeMisfits,
  routeValues,
} from './route-values.ts';
import { useChangedMeanwhile, useNewestConfig, useSubject } from './use-edited.ts';
import { useSave } from './use-save.ts';

interface RouteFormProps {
  request: DialogOf<'route-form'>;
  onClose: () => void;
}

export function RouteForm({ request, onClose }: RouteFormProps) {
  const config = useNewestConfig();
  const [chosen, setChosen] = useState<string>();
  const listeners = config?.listeners ?? [];
  // Kept: what was typed must not go to another listener because this one is removed meanwhile.
  const suggested = useRef<string>(undefined);
  suggested.current ??= likelyListener(listeners);
  const wanted = request.listener ?? chosen ?? suggested.current;
  const listener = listeners.find(({ name }) => name === wanted);
  const edited = listener?.routes.find(({ name }) => name === request.route);
  const adding = request.route === undefined;
  const subject = useSubject(adding ? listener : edited);
  if (!config) return null;
  if (subject.gone || wanted === undefined) {
    return (
      <GoneDialog what={adding ? `Listener ${wanted ?? ''}` : `Route ${request.route}`} onClose={onClose} />
    );
  }
  return (
    <RouteDialog
      key={subject.round}
      listener={wanted}
      choice={request.listener === undefined ? { listeners, onChoose: setChosen } : undefined}
      name={request.route}
      edited={edited}
      siblings={listener?.routes ?? []}
      pools={config.pools.map(({ name }) => name)}
      wantedPool={request.pool}
      onReload={subject.reload}
      onClose={onClose}
    />
  );
}

interface RouteDialogProps {
  listener: string;
  /** Undefined where the listener is settled. */
  choice: ListenerChoice | undefined;
  name: string | undefined;
  edited: RouteConfig | undefined;
  siblings: ListenerConfig['routes'];
  pools: readonly string[];
  wantedPool: string | undefined;
  onReload: () => void;
  onClose: () => void;
}

interface ListenerChoice {
  listeners: readonly ListenerConfig[];
  onChoose: (name: string) => void;
}

function RouteDialog(props: RouteDialogProps) {
  const { listener, choice, name, edited, siblings, pools, wantedPool, onReload, onClose } = props;
  const form = useForm({
    resolver: formResolver(routeFormSchema(edited), routeMisfits),
    defaultValues: edited
      ? routeValues(edited)
      : newRouteValues(freeRouteName(siblings), wantedPool ?? pools[0] ?? ''),
    shouldFocusError: false,
  });
  const saving = useSave(form, 'route');
  const add = useCommand('routes.add', { quiet: true });
  const update = useCommand('routes.update', { quiet: true });
  const changedMeanwhile = useChangedMeanwhile(edited);
  const adding = name === undefined;
  const [chosenPlace, setPlace] = useState<{ listener: string; index: string }>();
  const place = chosenPlace?.listener === listener ? chosenPlace.index : String(defaultPlace(siblings));
  const chooseListener = (next: ListenerConfig) => {
    // A name that was only suggested is suggested anew.
    if (!form.getFieldState('name').isDirty)
      form.resetField('name', { defaultValue: freeRouteName(next.routes) });
    choice?.onChoose(next.name);
  };
  return (
    <FormDialog
      title={adding ? `Add a route to ${choice ? `pool ${wantedPool}` : listener}` : `Edit route ${name}`}
      description="The first route that matches a request decides its pool."
      submitLabel={adding ? 'Add route' : 'Save route'}
      form={form}
      saving={saving}
      focus="match.pathPrefix"
      changedMeanwhile={!adding && changedMeanwhile}
      onReload={onReload}
      onClose={onClose}
      onSubmit={(route) =>
        adding
          ? saving.save(`Added route ${route.name} to ${listener}`, () =>
              add.run({ listener, route, index: Number(place) }),
            )
          : saving.save(`Changed route ${route.name}`, () => update.run({ listener, name, route }))
      }
    >
      {choice && <ListenerField value={listener} listeners={choice.listeners} onChoose={chooseListener} />}
      <div className="grid grid-cols-2 gap-3">
        <TextField
          name="match.pathPrefix"
          label="Path starts with"
          mono
          placeholder="any path"
          schema={RouteMatch.shape.pathPrefix}
          warning={literalStarText(form.watch('match.pathPrefix'))}
        />
        <TextField
          name="match.host"
          label="Host"
          mono
          placeholder="any host"
          schema={RouteMatch.shape.host}
        />
      </div>
      <ChoiceField
        name="pool"
        label="Send to pool"
        schema={RouteConfig.shape.pool}
        placeholder={pools.length === 0 ? 'There is no pool yet' : 'Choose a pool'}
        options={pools.map((pool) => ({ value: pool, label: pool }))}
      />
      <TextField name="name" label="Name" hint={nameHint('route of the listener')} />
      {adding && siblings.length > 0 && (
        <Place siblings={siblings} value={place} onChange={(index) => setPlace({ listener, index })} />
      )}
    </FormDialog>
  );
}

interface ListenerFieldProps {
  value: string;
  listeners: readonly ListenerConfig[];
  onChoose: (listener: ListenerConfig) => void;
}

function ListenerField({ value, listeners, onChoose }: ListenerFieldProps) {
  const id = useId();
  return (
    <Field label="Listener" htmlFor={id} hint="Where the requests come in.">
      <Select
        id={id}
        label="Listener"
        value={value}
        onValueChange={(name) => {
          const next = listeners.find((listener) => listener.name === name);
          if (next !== undefined) onChoose(next);
        }}
        options={listeners.map((listener) => ({
          value: listener.name,
          label: listener.name,
          hint: listenerText(listener),
        }))}
        describedBy={fieldDescription(id)}
      />
    </Field>
  );
}

interface PlaceProps {
  siblings: ListenerConfig['routes'];
  value: string;
  onChange: (index: string) => void;
}

function Place({ siblings, value, onChange }: PlaceProps) {
  const id = useId();
  const options = [
    ...siblings.map((route, i) => ({ value: String(i), label: `Before route “${route.name}”` })),
    { value: String(siblings.length), label: 'At the end' },
  ];
  return (
    <Field label="Place" htmlFor={id} hint="Routes are tried in order; put the narrower one first.">
      <Select
        id={id}
        label="Place"
        value={value}
        onValueChange={onChange}
        options={options}
        describedBy={fieldDescription(id)}
      />
    </Field>
  );
}
