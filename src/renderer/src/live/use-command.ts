// Runs a command from a component: says while it is on its way and shows a refusal as a toast. It
// changes nothing on screen by itself; the next Status does.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { OperationInput, OperationName, OperationOutput } from '#shared/contract.ts';
import { ERRORS, type Result, type WireError } from '#shared/errors.ts';
import { showToast } from '../lib/toasts.ts';
import { call } from './connection.ts';

export interface CommandOptions {
  /** The caller shows failures itself, for example beside the fields of a form. */
  quiet?: boolean;
}

export interface Command<K extends OperationName> {
  run: (input: OperationInput<K>) => Promise<Result<OperationOutput<K>>>;
  pending: boolean;
}

export function useCommand<K extends OperationName>(operation: K, options: CommandOptions = {}): Command<K> {
  const { quiet = false } = options;
  const [running, setRunning] = useState(0);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  const run = useCallback(
    async (input: OperationInput<K>) => {
      setRunning((count) => count + 1);
      const result = await call(operation, input);
      if (mounted.current) setRunning((count) => count - 1);
      if (!result.ok && !quiet) showError(result.error);
      return result;
    },
    [operation, quiet],
  );
  return { run, pending: running > 0 };
}

/** Every refusal that nobody handles closer to its cause ends here. */
export function showError(error: WireError): void {
  showToast({ tone: 'down', title: ERRORS[error.code].title, detail: error.message });
}
