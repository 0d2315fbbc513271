// Replaces the whole Config by one that is pasted or opened from a file. It is checked by the core while it
// is edited: every issue is listed with its path, or else what it would change, for which the text makes room.
// Nothing changes before the last press. Mounted by app-dialogs.tsx for the dialog kind "import-config".
import { FileUp } from 'lucide-react';
import { type ChangeEvent, useDeferredValue, useId, useRef, useState } from 'react';
import { cn } from '../../lib/class-names.ts';
import { recordRevisionUndo } from '../../live/actions.ts';
import type { DialogOf } from '../../live/dialogs.ts';
import { useConfig, useQuery } from '../../live/hooks.ts';
import { useCommand } from '../../live/use-command.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, fieldDescription } from '../../ui/field.tsx';
import { TextArea } from '../../ui/input.tsx';
import { Notice } from '../../ui/notice.tsx';
import { changesText } from './change-text.ts';
import { ImportChanges, ImportWarnings, useImportComparison } from './import-changes.tsx';
import { IssueList } from './issue-list.tsx';
import { type ReadJson, readJson } from './read-json.ts';

interface ImportConfigProps {
  request: DialogOf<'import-config'>;
  onClose: () => void;
}

/** Where it comes from until a file is opened. */
const PASTED = 'pasted config';

const ROWS_TO_EDIT = 14;
/** Once the text is sound, what it changes matters more. */
const ROWS_WHEN_SOUND = 5;

export function ImportConfig({ onClose }: ImportConfigProps) {
  const id = useId();
  const [text, setText] = useState('');
  const [source, setSource] = useState(PASTED);
  const [refusal, setRefusal] = useState<string | null>(null);
  const saved = useConfig();
  const checkedText = useDeferredValue(text);
  const read = readJson(checkedText);
  const candidate = read.kind === 'value' ? read.value : undefined;
  const check = useQuery('config.validate', { config: candidate }, { enabled: read.kind === 'value' });
  const apply = useCommand('config.apply', { quiet: true });

  const issues = read.kind === 'value' ? (check.data?.issues ?? []) : [];
  const valid = read.kind === 'value' && check.data?.valid === true;

  const comparison = useImportComparison(candidate, valid);

  // Stays as it was while the next text is checked: the dialog must not jump at every key.
  const [sound, setSound] = useState(false);
  const known = read.kind !== 'value' || valid || issues.length > 0;
  if (known && sound !== valid) setSound(valid);

  const submit = async () => {
    setRefusal(null);
    const note = `imported from ${source}`;
    const result = await apply.run({ config: candidate, note, baseRevision: saved?.revision });
    if (!result.ok) {
      setRefusal(result.error.message);
      return;
    }
    recordRevisionUndo(`Imported ${source}`, result.value);
    onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Import a config"
      description="A sluice.json: paste it or open the file. It replaces all listeners and pools; undo brings them back."
      size="lg"
      footer={
        <>
          <p role="status" className="mr-auto text-sm text-muted">
            {valid
              ? footText(comparison.changes, comparison.outdated)
              : read.kind === 'value' && issues.length === 0
                ? 'Checking…'
                : ''}
          </p>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={!valid} pending={apply.pending} onClick={() => void submit()}>
            Replace config
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3.5">
        {refusal !== null && (
          <Notice tone="warn" title="Not imported">
            {refusal} Look at what changed under Revisions, then replace again.
          </Notice>
        )}
        <div className="relative">
          <Field label="Config" htmlFor={id} error={brokenText(read) ?? emptyFileText(read, source)}>
            <TextArea
              autoFocus
              id={id}
              mono
              rows={sound ? ROWS_WHEN_SOUND : ROWS_TO_EDIT}
              className={cn(sound && '[@media(max-height:560px)]:h-20')}
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder={'{\n  "version": 1,\n  "listeners": [],\n  "pools": []\n}'}
              aria-invalid={read.kind === 'broken' || issues.length > 0 || undefined}
              aria-describedby={fieldDescription(id)}
            />
          </Field>
          <FileButton
            onText={(name, content) => {
              setSource(name);
              setText(content);
            }}
          />
        </div>
        {issues.length > 0 && <IssueList issues={issues} text={checkedText} config={candidate} />}
        {valid && <ImportWarnings config={candidate} />}
        {valid && <ImportChanges config={candidate} comparison={comparison} />}
      </div>
    </Dialog>
  );
}

function footText(changes: readonly string[] | undefined, outdated: boolean): string {
  return changes === undefined || outdated ? 'Comparing…' : changesText(changes);
}

function brokenText(read: ReadJson): string | undefined {
  return read.kind === 'broken'
    ? `Not JSON at line ${read.line}, column ${read.column}: ${read.message}`
    : undefined;
}

function emptyFileText(read: ReadJson, source: string): string | undefined {
  return read.kind === 'empty' && source !== PASTED
    ? `${source} is empty: there is nothing to import.`
    : undefined;
}

function FileButton({ onText }: { onText: (name: string, content: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const onChange = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    // The same file may be chosen again after it was edited.
    event.target.value = '';
    if (file) onText(file.name, await file.text());
  };
  return (
    // Beside the label: below the text it would push the changes out of a low window.
    <div className="absolute -top-2 right-0">
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label="Config file"
        onChange={(event) => void onChange(event)}
      />
      <Button size="sm" onClick={() => input.current?.click()}>
        <FileUp aria-hidden="true" className="size-3.5" />
        Open file…
      </Button>
    </div>
  );
}
