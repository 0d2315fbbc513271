// Adds or edits a pool. A new pool can take its first backends from a pasted list. Mounted by app-dialogs.tsx
// for the dialog kind "pool-form".
import { useMemo, useState } from 'react';
import { useForm } from 'react-hook-form';
import type { z } from 'zod';
import { PoolConfig } from '#shared/config/pool.ts';
import type { Result } from '#shared/errors.ts';
import { parseRoute } from '../../lib/route.ts';
import type { DialogOf } from '../../live/dialogs.ts';
import { openPool } from '../../live/just-made.ts';
import { useCommand } from '../../live/use-command.ts';
import { BackendLines } from './backend-lines.tsx';
import { sentenceOf } from './field-errors.ts';
import { FormDialog } from './form-dialog.tsx';
import { ChoiceField, TextField } from './form-fields.tsx';
import { formResolver } from './form-resolver.ts';
import { GoneDialog } from './gone-dialog.tsx';
import { HealthCheckFields } from './health-check-fields.tsx';
import { freePoolName, nameHint } from './names.ts';
import { PoolSections } from './pool-sections.tsx';
import { newPoolValues, type PoolSettings, poolFormSchema, poolMisfits, poolValues } from './pool-values.ts';
import { readBackendLines, schemeProblem } from './read-backend-lines.ts';
import { useChangedMeanwhile, useNewestConfig, useSubject } from './use-edited.ts';
import { useSave } from './use-save.ts';

interface PoolFormProps {
  request: DialogOf<'pool-form'>;
  onClose: () => void;
}

export function PoolForm({ request, onClose }: PoolFormProps) {
  const config = useNewestConfig();
  const edited = config?.pools.find(({ name }) => name === request.pool);
  const subject = useSubject(edited);
  if (!config) return null;
  if (request.pool === undefined) {
    return <NewPoolDialog suggestedName={freePoolName(config.pools)} onClose={onClose} />;
  }
  if (subject.gone) return <GoneDialog what={`Pool ${request.pool}`} onClose={onClose} />;
  return (
    <EditPoolDialog
      key={subject.round}
      name={request.pool}
      edited={edited ? settingsOf(edited) : undefined}
      onReload={subject.reload}
      onClose={onClose}
    />
  );
}

function settingsOf({ backends: _, ...settings }: PoolConfig): PoolSettings {
  return settings;
}

function NewPoolDialog({ suggestedName, onClose }: { suggestedName: string; onClose: () => void }) {
  const form = useForm({
    resolver: formResolver(poolFormSchema(), poolMisfits),
    defaultValues: newPoolValues(suggestedName),
    shouldFocusError: false,
  });
  const saving = useSave(form, 'pool');
  const add = useCommand('pools.add', { quiet: true });
  const [lines, setLines] = useState('');
  const poolName = form.watch('name').trim();
  const read = useMemo(() => readBackendLines(lines, poolName), [lines, poolName]);

  return (
    <FormDialog
      title="New pool"
      description="A set of backends that serve the same thing."
      submitLabel={read.backends.length > 0 ? `Add pool with ${countOf(read.backends.length)}` : 'Add pool'}
      form={form}
      saving={saving}
      focus="name"
      onClose={onClose}
      onSubmit={async (settings) => {
        if (read.problems.length > 0) return false;
        if (schemeProblem(read.scheme, settings.tls !== undefined) !== undefined) return false;
        const { name } = settings;
        const whole = PoolConfig.safeParse({ ...settings, backends: read.backends });
        const saved = await saving.save(`Added pool ${name}`, async () =>
          whole.success ? add.run({ pool: whole.data }) : refused(whole.error),
        );
        if (saved) void openPool(name);
        return saved;
      }}
    >
      <TextField name="name" label="Name" hint={nameHint('pool')} />
      <BackendLines text={lines} onChange={setLines} read={read} />
      <PolicyField />
      <HealthCheckFields startOpen />
      <PoolSections />
    </FormDialog>
  );
}

/** Each part is sound by itself by then; together they may be too many. */
function refused(error: z.ZodError): Result<never> {
  const message = sentenceOf(error.issues[0]?.message ?? 'choose other values');
  return { ok: false, error: { code: 'invalid', message } };
}

function countOf(count: number): string {
  return count === 1 ? '1 backend' : `${count} backends`;
}

interface EditPoolDialogProps {
  name: string;
  edited: PoolSettings | undefined;
  onReload: () => void;
  onClose: () => void;
}

function EditPoolDialog({ name, edited, onReload, onClose }: EditPoolDialogProps) {
  const form = useForm({
    resolver: formResolver(poolFormSchema(edited), poolMisfits),
    defaultValues: edited ? poolValues(edited) : newPoolValues(name),
    shouldFocusError: false,
  });
  const saving = useSave(form, 'pool');
  const update = useCommand('pools.update', { quiet: true });
  const changedMeanwhile = useChangedMeanwhile(edited);
  return (
    <FormDialog
      title={`Edit pool ${name}`}
      description="Its backends stay; routes follow a new name."
      submitLabel="Save pool"
      form={form}
      saving={saving}
      focus="name"
      changedMeanwhile={changedMeanwhile}
      onReload={onReload}
      onClose={onClose}
      onSubmit={async (pool) => {
        const saved = await saving.save(`Changed pool ${pool.name}`, () => update.run({ name, pool }));
        if (saved && pool.name !== name && isShown(name)) void openPool(pool.name);
        return saved;
      }}
    >
      <TextField name="name" label="Name" hint={nameHint('pool')} />
      <PolicyField />
      <HealthCheckFields startOpen />
      <PoolSections />
    </FormDialog>
  );
}

/** Whether the board of this pool is the page now: it has to follow a new name. */
function isShown(name: string): boolean {
  const route = parseRoute(window.location.hash);
  return route.page === 'pool' && route.pool === name;
}

const POLICIES = [
  { value: 'round-robin', label: 'Round robin', hint: 'In turn; weights are ignored' },
  { value: 'weighted-round-robin', label: 'Weighted round robin', hint: 'A smooth sequence by weight' },
  { value: 'least-connections', label: 'Least connections', hint: 'Fewest requests in flight per weight' },
  { value: 'random', label: 'Random', hint: 'By chance, by weight' },
] as const;

function PolicyField() {
  return (
    <ChoiceField
      name="policy"
      label="Policy"
      options={POLICIES}
      hint="Who gets the next request. Default round robin."
    />
  );
}
