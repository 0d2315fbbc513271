// The first backends of a new pool as a pasted list, read while typing: what it understood, what the pool
// speaks to them, and every line it did not understand, with its number.
import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import { useFormContext } from 'react-hook-form';
import type { BackendScheme } from '../../lib/addresses.ts';
import { Field, fieldDescription } from '../../ui/field.tsx';
import { TextArea } from '../../ui/input.tsx';
import type { PoolValues } from './pool-values.ts';
import { type ReadLines, readText, schemeProblem } from './read-backend-lines.ts';

export interface BackendLinesProps {
  text: string;
  onChange: (text: string) => void;
  read: ReadLines;
}

export function BackendLines({ text, onChange, read }: BackendLinesProps) {
  const id = useId();
  const { backends, problems, scheme } = read;
  const byWeight = useWeightedPolicy(backends.some(({ weight }) => weight !== undefined));
  const overTls = useTlsOf(scheme);
  const schemeFault = schemeProblem(scheme, overTls);
  const refused = problems.length > 0 || schemeFault !== undefined;
  return (
    <Field
      label="Backends"
      htmlFor={id}
      hint={
        <>
          {backends.length > 0
            ? `${readText(backends)} Each can be edited later.${byWeight ? ' They have weights: the policy is weighted round robin.' : ''}`
            : 'One per line: host:port, then a weight if you like. A port alone means this machine; https:// means HTTPS.'}
          {scheme === 'https' && overTls && <SpeaksHttps />}
        </>
      }
      error={
        refused && (
          <>
            {problems.map((problem) => (
              <span key={problem.line} className="block">
                Line {problem.line}, <span className="font-mono">{problem.text}</span>: {problem.message}
              </span>
            ))}
            {schemeFault !== undefined && <span className="block">{schemeFault}</span>}
          </>
        )
      }
    >
      <TextArea
        id={id}
        mono
        rows={4}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        placeholder={'127.0.0.1:3001 90\n127.0.0.1:3002 10'}
        aria-invalid={refused || undefined}
        aria-describedby={fieldDescription(id)}
      />
    </Field>
  );
}

function SpeaksHttps() {
  const verified = useFormContext<PoolValues>().watch('tls.verify');
  return (
    <span role="status" className="block">
      Speaks HTTPS to the backends;{' '}
      {verified ? 'their certificates are verified.' : 'any certificate is accepted.'}
    </span>
  );
}

/**
 * Addresses with https:// switch TLS on, and off again once they are gone, unless it was on anyway.
 * Whether it is on.
 */
function useTlsOf(scheme: BackendScheme | undefined): boolean {
  const { getValues, setValue, watch } = useFormContext<PoolValues>();
  const switched = useRef(false);
  // Before it is painted: the pool and its lines never disagree for a moment.
  useLayoutEffect(() => {
    const wanted = scheme === 'https';
    if (wanted ? getValues('tls.on') : !switched.current) return;
    setValue('tls.on', wanted);
    switched.current = wanted;
  }, [scheme, getValues, setValue]);
  return watch('tls.on');
}

/**
 * Weights are written to be followed: chooses the policy that does, until the person has chosen one.
 * Whether it did.
 */
function useWeightedPolicy(weighted: boolean): boolean {
  const { watch, setValue, formState } = useFormContext<PoolValues>();
  const policy = watch('policy');
  const chosen = formState.dirtyFields.policy === true && policy !== 'weighted-round-robin';
  const chooses = weighted && !chosen && policy === 'round-robin';
  useEffect(() => {
    if (chooses) setValue('policy', 'weighted-round-robin');
  }, [chooses, setValue]);
  return weighted && policy === 'weighted-round-robin';
}
