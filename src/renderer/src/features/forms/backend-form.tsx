// Adds or edits one backend of a pool. Mounted by app-dialogs.tsx for the dialog kind "backend-form".
import { useForm, useFormContext } from 'react-hook-form';
import { BackendConfig } from '#shared/config/backend.ts';
import type { PolicyName, PoolConfig } from '#shared/config/pool.ts';
import { tidyAddress } from '../../lib/addresses.ts';
import type { DialogOf } from '../../live/dialogs.ts';
import { useBackend } from '../../live/hooks.ts';
import { useCommand } from '../../live/use-command.ts';
import {
  type BackendValues,
  backendFormSchema,
  backendValues,
  newBackendValues,
  shareText,
  usualWeight,
} from './backend-values.ts';
import { FormDialog } from './form-dialog.tsx';
import { ChoiceField, NumberField, TextField } from './form-fields.tsx';
import { formResolver } from './form-resolver.ts';
import { GoneDialog } from './gone-dialog.tsx';
import { freeName, nameHint } from './names.ts';
import { useChangedMeanwhile, useNewestConfig, useSubject } from './use-edited.ts';
import { useSave } from './use-save.ts';

interface BackendFormProps {
  request: DialogOf<'backend-form'>;
  onClose: () => void;
}

export function BackendForm({ request, onClose }: BackendFormProps) {
  const config = useNewestConfig();
  const pool = config?.pools.find(({ name }) => name === request.pool);
  const edited = pool?.backends.find(({ name }) => name === request.backend);
  const adding = request.backend === undefined;
  const subject = useSubject(adding ? pool : edited);
  if (!config) return null;
  if (subject.gone) {
    return (
      <GoneDialog what={adding ? `Pool ${request.pool}` : `Backend ${request.backend}`} onClose={onClose} />
    );
  }
  const names = pool?.backends.map(({ name }) => name) ?? [];
  return (
    <BackendDialog
      key={subject.round}
      pool={request.pool}
      name={request.backend}
      focus={request.focus ?? 'address'}
      edited={edited}
      suggestedName={freeName(request.pool, names)}
      start={pool ? startOf(pool) : ''}
      others={pool?.backends.filter(({ name }) => name !== request.backend) ?? []}
      policy={pool?.policy ?? 'round-robin'}
      overTls={pool && pool.tls !== undefined}
      onReload={subject.reload}
      onClose={onClose}
    />
  );
}

/** When a new backend of this pool gets its first request. */
function startOf(pool: PoolConfig): string {
  if (pool.healthCheck === undefined) return 'It gets traffic at once; the pool has no health check.';
  return pool.firstCheck === 'optimistic'
    ? 'It gets traffic at once and is probed meanwhile.'
    : 'It is probed first and gets traffic after its first success.';
}

interface BackendDialogProps {
  pool: string;
  name: string | undefined;
  focus: 'address' | 'weight';
  edited: BackendConfig | undefined;
  suggestedName: string;
  start: string;
  /** The rest of the pool, which the weight is measured by. */
  others: readonly BackendConfig[];
  policy: PolicyName;
  /** Whether the pool connects over TLS; undefined once it is gone. */
  overTls: boolean | undefined;
  onReload: () => void;
  onClose: () => void;
}

function BackendDialog(props: BackendDialogProps) {
  const { pool, name, focus, edited, overTls, suggestedName, start, others, policy, onReload, onClose } =
    props;
  const form = useForm({
    resolver: formResolver(backendFormSchema(edited, overTls, others)),
    defaultValues: edited ? backendValues(edited) : newBackendValues(suggestedName, usualWeight(others)),
    shouldFocusError: false,
  });
  const saving = useSave(form, 'backend');
  const add = useCommand('backends.add', { quiet: true });
  const update = useCommand('backends.update', { quiet: true });
  const changedMeanwhile = useChangedMeanwhile(edited);
  const adding = name === undefined;

  return (
    <FormDialog
      title={adding ? `Add a backend to ${pool}` : `Edit ${name}`}
      description={adding ? start : `Backend of pool ${pool}`}
      submitLabel={adding ? 'Add backend' : 'Save backend'}
      form={form}
      saving={saving}
      focus={focus}
      changedMeanwhile={!adding && changedMeanwhile}
      onReload={onReload}
      onClose={onClose}
      onSubmit={(backend) =>
        adding
          ? saving.save(`Added ${backend.name} to ${pool}`, () => add.run({ pool, backend }))
          : saving.save(`Changed ${backend.name}`, () => update.run({ pool, name, backend }))
      }
    >
      <TextField
        name="address"
        label="Address"
        mono
        placeholder="127.0.0.1:3001"
        hint={`host:port of the backend; IPv6 in brackets. A port alone means this machine.${overTls ? ' The pool speaks HTTPS to it.' : ''}`}
        tidy={tidyAddress}
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField name="name" label="Name" hint={nameHint('backend of the pool')} />
        <WeightField others={others} policy={policy} />
      </div>
      <div className="grid grid-cols-2 gap-3">
        <ChoiceField name="role" label="Role" schema={BackendConfig.shape.role} options={ROLES} />
        <ChoiceField name="state" label="State" hint={STATE_HINT} options={STATES} />
      </div>
      {name !== undefined && <RuntimeState pool={pool} name={name} saved={edited?.state} />}
    </FormDialog>
  );
}

/** The share is what one wants to set; the weight is only how. */
function WeightField({ others, policy }: Pick<BackendDialogProps, 'others' | 'policy'>) {
  const { watch } = useFormContext<BackendValues>();
  const [weight, state, role] = watch(['weight', 'state', 'role']);
  const hint = shareText({ weight, state, role }, others, policy);
  return <NumberField name="weight" label="Weight" schema={BackendConfig.shape.weight} hint={hint} />;
}

/** A drain or disable made by hand outlives restarts beside the Config; the form must not hide it. */
function RuntimeState({ pool, name, saved }: { pool: string; name: string; saved: string | undefined }) {
  const admin = useBackend(pool, name)?.admin;
  if (admin === undefined || admin === saved) return null;
  return (
    <p className="text-xs text-muted">
      It is {admin} now, set by hand; that stays until the state is changed here or on the board.
    </p>
  );
}

const STATE_HINT =
  'Draining and disabled get nothing new. What a draining one has is closed when the drain time of the pool is up. Default enabled.';

const ROLES = [
  { value: 'primary', label: 'Primary' },
  { value: 'backup', label: 'Backup', hint: 'Only while no primary can serve' },
] as const;

const STATES = [
  { value: 'enabled', label: 'Enabled' },
  { value: 'draining', label: 'Draining' },
  { value: 'disabled', label: 'Disabled' },
] as const;
