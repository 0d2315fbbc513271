// Saves what a form holds: runs the command, puts refusals beside their fields, and makes what was
// saved undoable. One path for every form, so a conflict or an unknown problem is never swallowed.
import { useCallback, useState } from 'react';
import type { FieldPath, FieldValues, UseFormReturn } from 'react-hook-form';
import type { Saved } from '#shared/contract.ts';
import type { Result } from '#shared/errors.ts';
import { recordRevisionUndo } from '../../live/actions.ts';
import { type FormNoun, placeIssues } from './issues.ts';

export interface SaveState {
  /** Problems that belong to no field of the form. */
  problems: readonly string[];
  /** Another change came first; the sentence is the core's. */
  conflict: string | null;
  save: (label: string, send: () => Promise<Result<Saved>>) => Promise<boolean>;
  clear: () => void;
}

const NO_PROBLEMS: readonly string[] = [];

export function useSave<Values extends FieldValues, Output extends FieldValues>(
  form: UseFormReturn<Values, unknown, Output>,
  noun: FormNoun,
): SaveState {
  const [problems, setProblems] = useState(NO_PROBLEMS);
  const [conflict, setConflict] = useState<string | null>(null);

  const clear = useCallback(() => {
    setProblems(NO_PROBLEMS);
    setConflict(null);
  }, []);

  const save = useCallback<SaveState['save']>(
    async (label, send) => {
      clear();
      const result = await send();
      if (result.ok) {
        recordRevisionUndo(label, result.value);
        return true;
      }
      const { code, message, issues = [] } = result.error;
      const placed = placeIssues(issues, noun, form.getValues());
      for (const { path, message: text } of placed.fields) {
        form.setError(path as FieldPath<Values>, { type: 'server', message: text });
      }
      if (issues.length > 0) setProblems(placed.general);
      else if (code === 'conflict') setConflict(message);
      else setProblems([message]);
      return false;
    },
    [form, noun, clear],
  );
  return { problems, conflict, save, clear };
}
