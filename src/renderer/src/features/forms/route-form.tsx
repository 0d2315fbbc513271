// Adds or edits a route of a listener. Mounted by app.tsx for the dialog kind "route-form".
import { useId, useState } from 'react';
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
import { freeWord } from './names.ts';
import { newRouteValues, routeFormSchema, routeValues } from './route-values.ts';
import { useChangedMeanwhile, useNewestConfig, useSubject } from './use-edited.ts';
import { useSave } from './use-save.ts';

interface RouteFormProps {
  request: DialogOf<'route-form'>;
  onClose: () => void;
}

export function RouteForm({ request, onClose }: RouteFormProps) {
  const config = useNewestConfig();
  const listener = config?.listeners.find(({ name }) => name === request.listener);
  const edited = listener?.routes.find(({ name }) => name === request.route);
  const adding = request.route === undefined;
  const subject = useSubject(adding ? listener : edited);
  if (!config) return null;
  if (subject.gone) {
    return (
      <GoneDialog
        what={adding ? `Listener ${request.listener}` : `Route ${request.route}`}
        onClose={onClose}
      />
    );
  }
  return (
    <RouteDialog
      key={subject.round}
      listener={request.listener}
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
  name: string | undefined;
  edited: RouteConfig | undefined;
  siblings: ListenerConfig['routes'];
  pools: readonly string[];
  wantedPool: string | undefined;
  onReload: () => void;
  onClose: () => void;
}

function RouteDialog(props: RouteDialogProps) {
  const { listener, name, edited, siblings, pools, wantedPool, onReload, onClose } = props;
  const suggestedName = freeWord(
    siblings.length === 0 ? 'all' : 'route',
    siblings.map((route) => route.name),
  );
  const form = useForm({
    resolver: formResolver(routeFormSchema(edited)),
    defaultValues: edited ? routeValues(edited) : newRouteValues(suggestedName, wantedPool ?? pools[0] ?? ''),
    shouldFocusError: false,
  });
  const saving = useSave(form, 'route');
  const add = useCommand('routes.add', { quiet: true });
  const update = useCommand('routes.update', { quiet: true });
  const changedMeanwhile = useChangedMeanwhile(edited);
  const adding = name === undefined;
  const [place, setPlace] = useState(() => defaultPlace(siblings));
  return (
    <FormDialog
      title={adding ? `Add a route to ${listener}` : `Edit route ${name}`}
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
      <div className="grid grid-cols-2 gap-3">
        <TextField
          name="match.pathPrefix"
          label="Path starts with"
          mono
          placeholder="any path"
          schema={RouteMatch.shape.pathPrefix}
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
      <TextField name="name" label="Name" schema={RouteConfig.shape.name} />
      {adding && siblings.length > 0 && <Place siblings={siblings} value={place} onChange={setPlace} />}
    </FormDialog>
  );
}

/** Before a last route that takes everything, where a new one would never be reached; else at the end. */
function defaultPlace(siblings: ListenerConfig['routes']): string {
  const last = siblings.at(-1);
  const catchesAll =
    last !== undefined && last.match.host === undefined && last.match.pathPrefix === undefined;
  return String(catchesAll ? siblings.length - 1 : siblings.length);
}

interface PlaceProps {
  siblings: ListenerConfig['routes'];
  value: string;
  onChange: (index: string) => void;
}

function Place({ siblings, value, onChange }: PlaceProps) {
  const id = useId();
  const options = [
    ...siblings.map((route, i) => ({ value: String(i), label: `Before ${route.name}` })),
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
