// The fields of every form, bound to react-hook-form by path. Meaning and default come from the schema
// of the field, the error from the form; the dumb controls of ui/ know nothing of either.
import { useId } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import type { z } from 'zod';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field, fieldDescription } from '../../ui/field.tsx';
import { Input, NumberInput, TextArea } from '../../ui/input.tsx';
import { Select, type SelectOption } from '../../ui/select.tsx';
import { hintOf } from './field-docs.ts';
import { errorAt } from './issues.ts';

interface FieldProps {
  /** Dotted path in the form's values. */
  name: string;
  label: string;
  /** Where meaning and default are documented. */
  schema?: z.ZodType;
  /** Instead of the schema's own words. */
  hint?: string;
  /** Paths of the fields whose error this one can put right: they are checked again with it. */
  settles?: string[];
}

function useField({ name, schema, hint }: FieldProps) {
  const id = useId();
  const { register, formState } = useFormContext();
  const error = errorAt(formState.errors, name);
  return {
    id,
    register,
    error,
    hint: hint ?? (schema ? hintOf(schema) : undefined),
    described: { 'aria-invalid': error !== undefined || undefined, 'aria-describedby': fieldDescription(id) },
  };
}

export interface TextFieldProps extends FieldProps {
  /** What is accepted and yet hardly meant. */
  warning?: string;
  mono?: boolean;
  placeholder?: string;
  /** Rewrites what was typed when the field is left: "3001" becomes "127.0.0.1:3001". */
  tidy?: (text: string) => string;
}

export function TextField(props: TextFieldProps) {
  const { id, register, error, hint, described } = useField(props);
  const { setValue } = useFormContext();
  const { name, label, mono, placeholder, tidy, settles } = props;
  const onBlur = (event: { target: { value: string } }) => {
    const typed = event.target.value;
    const tidied = tidy?.(typed);
    if (tidied !== undefined && tidied !== typed) setValue(name, tidied, { shouldDirty: true });
  };
  return (
    <Field label={label} hint={hint} warning={props.warning} error={error} htmlFor={id}>
      <Input
        id={id}
        mono={mono}
        placeholder={placeholder}
        {...described}
        {...register(name, { onBlur, deps: settles })}
      />
    </Field>
  );
}

export interface NumberFieldProps extends FieldProps {
  unit?: string;
  placeholder?: string;
}

export function NumberField(props: NumberFieldProps) {
  const { id, register, error, hint, described } = useField(props);
  return (
    <Field label={props.label} hint={hint} error={error} htmlFor={id}>
      <NumberInput
        id={id}
        unit={props.unit}
        placeholder={props.placeholder}
        {...described}
        {...register(props.name, { deps: props.settles })}
      />
    </Field>
  );
}

export interface ChoiceFieldProps extends FieldProps {
  options: readonly SelectOption[];
  placeholder?: string;
}

export function ChoiceField(props: ChoiceFieldProps) {
  const { id, error, hint } = useField(props);
  const { control } = useFormContext();
  const { field } = useController({ control, name: props.name });
  return (
    <Field label={props.label} hint={hint} error={error} htmlFor={id}>
      <Select
        id={id}
        label={props.label}
        value={String(field.value)}
        onValueChange={field.onChange}
        options={props.options}
        placeholder={props.placeholder}
        invalid={error !== undefined}
        describedBy={fieldDescription(id)}
      />
    </Field>
  );
}

export interface CheckFieldProps extends FieldProps {
  disabled?: boolean;
}

/** On or off: the box first, its meaning below the label. */
export function CheckField(props: CheckFieldProps) {
  const { id, error, hint } = useField(props);
  const { control } = useFormContext();
  const { field } = useController({ control, name: props.name });
  return (
    <div className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2.5">
      <Checkbox
        id={id}
        ref={field.ref}
        checked={field.value === true}
        onCheckedChange={(checked) => field.onChange(checked === true)}
        onBlur={field.onBlur}
        disabled={props.disabled}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={fieldDescription(id)}
      />
      <label htmlFor={id} className="text-xs leading-4 font-medium">
        {props.label}
      </label>
      <div id={fieldDescription(id)} className="col-start-2 mt-0.5 text-xs">
        {error && (
          <p className="text-down" role="alert">
            {error}
          </p>
        )}
        {hint && <p className="text-muted">{hint}</p>}
      </div>
    </div>
  );
}

export interface LinesFieldProps extends FieldProps {
  placeholder?: string;
  rows?: number;
}

/** A list, one item per line. */
export function LinesField(props: LinesFieldProps) {
  const { id, register, error, hint, described } = useField(props);
  return (
    <Field label={props.label} hint={hint} error={error} htmlFor={id}>
      <TextArea
        id={id}
        mono
        rows={props.rows ?? 3}
        placeholder={props.placeholder}
        {...described}
        {...register(props.name)}
      />
    </Field>
  );
}

/** Whether a field at or below one of these paths was refused, so its section must be open. */
export function useHasError(paths: readonly string[]): boolean {
  const { formState } = useFormContext();
  return paths.some((path) => errorAt(formState.errors, path) !== undefined);
}
