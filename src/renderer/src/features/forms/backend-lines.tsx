// The first backends of a new pool as a pasted list, read while typing: what it understood, and every
// line it did not, with its number.
import { useEffect, useId } from 'react';
import { useFormContext } from 'react-hook-form';
import type { PolicyName } from '#shared/config/pool.ts';
import { plural } from '../../lib/format.ts';
import { Field, fieldDescription } from '../../ui/field.tsx';
import { TextArea } from '../../ui/input.tsx';
import type { ReadLines } from './read-backend-lines.ts';

export interface BackendLinesProps {
  text: string;
  onChange: (text: string) => void;
  read: ReadLines;
}

export function BackendLines({ text, onChange, read }: BackendLinesProps) {
  const id = useId();
  const { backends, problems } = read;
  const byWeight = useWeightedPolicy(backends.some(({ weight }) => weight !== undefined));
  return (
    <Field
      label="Backends"
      htmlFor={id}
      hint={
        backends.length > 0
          ? `${plural(backends.length, 'backend')}: ${backends[0]?.name} to ${backends.at(-1)?.name}. Each can be edited later.${byWeight ? ' They have weights: the policy is weighted round robin.' : ''}`
          : 'One per line: host:port, then a weight if you like. A port alone means this machine.'
      }
      error={
        problems.length > 0 &&
        problems.map((problem) => (
          <span key={problem.line} className="block">
            Line {problem.line}, <span className="font-mono">{problem.text}</span>: {problem.message}
          </span>
        ))
      }
    >
      <TextArea
        id={id}
        mono
        rows={4}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        placeholder={'127.0.0.1:3001 90\n127.0.0.1:3002 10'}
        aria-invalid={problems.length > 0 || undefined}
        aria-describedby={fieldDescription(id)}
      />
    </Field>
  );
}

/**
 * Weights are written to be followed: chooses the policy that does, until the person has chosen one.
 * Whether it did.
 */
function useWeightedPolicy(weighted: boolean): boolean {
  const { watch, setValue, formState } = useFormContext<{ policy: PolicyName }>();
  const policy = watch('policy');
  const chosen = formState.dirtyFields.policy === true && policy !== 'weighted-round-robin';
  const chooses = weighted && !chosen && policy === 'round-robin';
  useEffect(() => {
    if (chooses) setValue('policy', 'weighted-round-robin');
  }, [chooses, setValue]);
  return weighted && policy === 'weighted-round-robin';
}
