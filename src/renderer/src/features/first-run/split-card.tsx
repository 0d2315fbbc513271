// "Split two dev servers": two addresses and a port become a pool and a listener in one revision, and
// the board of the new pool opens.
import { zodResolver } from '@hookform/resolvers/zod';
import { useId, useRef } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { tidyAddress } from '../../lib/addresses.ts';
import { focusNow } from '../../lib/focus-now.ts';
import { useShortcut } from '../../lib/keyboard.ts';
import { listenerRemedy } from '../../lib/listener-failure.ts';
import { showToast } from '../../lib/toasts.ts';
import { useFocusFirstWrong } from '../../lib/use-focus-first-wrong.ts';
import { recordRevisionUndo } from '../../live/actions.ts';
import { openDialog } from '../../live/dialogs.ts';
import { listenerOutcome, openPool } from '../../live/just-made.ts';
import { useCommand } from '../../live/use-command.ts';
import { Button } from '../../ui/button.tsx';
import { Field, fieldDescription } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SplitArt } from './art.tsx';
import { Card } from './card.tsx';
import {
  SPLIT_LISTENER,
  SPLIT_POOL,
  SplitForm,
  type SplitValues,
  splitConfig,
  splitsOverTls,
} from './split-config.ts';

/** The split is saved, but nothing can reach it. The board says the same for as long as it is true. */
function showFailure(port: number, error: string): void {
  showToast({
    tone: 'down',
    title: `Saved, but port ${port} is not open`,
    detail: error,
    action: {
      label: listenerRemedy(error).act,
      run: () => openDialog({ kind: 'listener-form', listener: SPLIT_LISTENER }),
    },
  });
}

export function SplitCard() {
  const id = useId();
  const form = useForm({
    resolver: zodResolver(SplitForm),
    defaultValues: { first: '', second: '', port: '8080' } satisfies SplitValues,
    shouldFocusError: false,
  });
  const fields = useRef<HTMLFormElement>(null);
  const apply = useCommand('config.apply', { quiet: true });
  const { errors, isSubmitting, submitCount } = form.formState;
  useFocusFirstWrong(fields, submitCount);

  const submit = form.handleSubmit(async (split) => {
    const { first, second, port } = split;
    const note = `split ${first.address} and ${second.address}`;
    const result = await apply.run({ config: splitConfig(split), note });
    if (!result.ok) {
      form.setError('root', { message: result.error.message });
      return;
    }
    recordRevisionUndo('Split two dev servers', result.value);
    await openPool(SPLIT_POOL);
    const listener = await listenerOutcome(SPLIT_LISTENER);
    if (listener?.state === 'failed') showFailure(port, listener.error ?? 'no reason given');
  });

  useShortcut('s', () => focusNow(fields.current?.elements.namedItem('first')), {
    label: 'Split two dev servers',
    group: 'First run',
  });
  const tidy = (name: 'first' | 'second') => () => form.setValue(name, tidyAddress(form.getValues(name)));
  const overTls = splitsOverTls(...useWatch({ control: form.control, name: ['first', 'second'] }));
  return (
    <Card
      art={<SplitArt />}
      title="Split two dev servers"
      text="Half of the requests go to each. Afterwards you drag the border to share them as you like."
    >
      <form
        ref={fields}
        noValidate
        onSubmit={(event) => void submit(event)}
        className="flex flex-1 flex-col gap-3.5"
      >
        {errors.root?.message && (
          <Notice tone="down" title="Not started">
            {errors.root.message}
          </Notice>
        )}
        <Field
          label="First server"
          hint="host:port, or a port alone for this machine. https:// for HTTPS."
          htmlFor={`${id}-first`}
          error={errors.first?.message}
        >
          <Input
            id={`${id}-first`}
            mono
            placeholder="localhost:3000"
            aria-invalid={errors.first !== undefined || undefined}
            aria-describedby={fieldDescription(`${id}-first`)}
            {...form.register('first', { onBlur: tidy('first') })}
          />
        </Field>
        <Field
          label="Second server"
          hint="It may be the same app on another branch."
          htmlFor={`${id}-second`}
          error={errors.second?.message}
        >
          <Input
            id={`${id}-second`}
            mono
            placeholder="localhost:3001"
            aria-invalid={errors.second !== undefined || undefined}
            aria-describedby={fieldDescription(`${id}-second`)}
            {...form.register('second', { onBlur: tidy('second') })}
          />
        </Field>
        <p role="status" className="-mt-1.5 text-xs text-muted empty:hidden">
          {overTls && 'Speaks HTTPS to the backends; their certificates are verified.'}
        </p>
        <div className="mt-auto flex items-start gap-3">
          <div className="w-[110px]">
            <Field label="Open on port" htmlFor={`${id}-port`} error={errors.port?.message}>
              <Input
                id={`${id}-port`}
                inputMode="numeric"
                aria-invalid={errors.port !== undefined || undefined}
                aria-describedby={fieldDescription(`${id}-port`)}
                {...form.register('port')}
              />
            </Field>
          </div>
          <Button type="submit" variant="primary" pending={isSubmitting} className="mt-5 ml-auto h-8 px-4">
            Split traffic
          </Button>
        </div>
      </form>
    </Card>
  );
}
