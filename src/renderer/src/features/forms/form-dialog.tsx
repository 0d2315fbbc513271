// The frame of every form: notices on top, fields, one button that names what it will do. Enter saves,
// Ctrl Enter too from a text area; closing with unsaved changes asks once.
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { type FieldPath, type FieldValues, FormProvider, type UseFormReturn } from 'react-hook-form';
import { focusNow } from '../../lib/focus-now.ts';
import { useFocusFirstWrong } from '../../lib/use-focus-first-wrong.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { SaveState } from './use-save.ts';

export interface FormDialogProps<Values extends FieldValues, Output extends FieldValues> {
  title: string;
  description?: string;
  submitLabel: string;
  form: UseFormReturn<Values, unknown, Output>;
  saving: SaveState;
  /** Field that has the focus first. */
  focus: FieldPath<Values>;
  /** Set when what is edited changed after the form opened. */
  changedMeanwhile?: boolean;
  onReload?: () => void;
  /** Resolves to whether it was saved; then the dialog closes. */
  onSubmit: (output: Output) => Promise<boolean>;
  onClose: () => void;
  size?: 'sm' | 'md' | 'lg';
  children: ReactNode;
}

export function FormDialog<Values extends FieldValues, Output extends FieldValues>(
  props: FormDialogProps<Values, Output>,
) {
  const { title, description, submitLabel, form, saving, focus, changedMeanwhile, onReload, onClose, size } =
    props;
  const id = useId();
  const [asked, setAsked] = useState(false);
  const { isDirty, isSubmitting, isSubmitSuccessful, submitCount } = form.formState;
  const fields = useRef<HTMLFormElement>(null);
  useFocusFirstWrong(fields, submitCount);

  const submit = form.handleSubmit(async (output) => {
    if (await props.onSubmit(output)) onClose();
  });
  const close = () => {
    if (isDirty && !asked) setAsked(true);
    else onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void submit();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={title}
      description={description}
      size={size}
      footer={
        <>
          {asked && (
            <p role="status" className="mr-auto text-sm text-warn">
              Not saved yet. Close again to discard.
            </p>
          )}
          <Button onClick={asked ? onClose : close}>{asked ? 'Discard' : 'Cancel'}</Button>
          <Button variant="primary" type="submit" form={id} pending={isSubmitting}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <FormProvider {...form}>
        <form
          ref={fields}
          id={id}
          noValidate
          onSubmit={(event) => void submit(event)}
          onKeyDown={onKeyDown}
          className="flex flex-col gap-3.5"
        >
          <FirstFocus form={fields} name={focus} />
          {saving.conflict !== null && (
            <Notice
              tone="warn"
              title="Changed meanwhile"
              action={onReload && <ReloadButton onReload={onReload} />}
            >
              {saving.conflict}
            </Notice>
          )}
          {saving.conflict === null && changedMeanwhile && !isSubmitting && !isSubmitSuccessful && (
            <Notice
              tone="warn"
              title="Changed meanwhile"
              action={onReload && <ReloadButton onReload={onReload} />}
            >
              Another change came first. Saving replaces it; Reload takes it over and drops what you typed.
            </Notice>
          )}
          {saving.problems.length > 0 && (
            <Notice tone="down" title="Not saved">
              {saving.problems.map((problem) => (
                <p key={problem}>{problem}</p>
              ))}
            </Notice>
          )}
          {props.children}
        </form>
      </FormProvider>
    </Dialog>
  );
}

function ReloadButton({ onReload }: { onReload: () => void }) {
  return (
    <Button size="sm" onClick={onReload}>
      Reload
    </Button>
  );
}

/** Inside the dialog, so that it runs before the dialog looks for something to focus. */
function FirstFocus({ form, name }: { form: RefObject<HTMLFormElement | null>; name: string }) {
  useEffect(() => focusNow(form.current?.elements.namedItem(name)), [form, name]);
  return null;
}
