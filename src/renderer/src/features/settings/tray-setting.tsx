// Whether closing the window leaves Sluice proxying in the tray. Only the desktop has one.
import { useId } from 'react';
import { call } from '../../live/connection.ts';
import { recordUndo } from '../../live/undo.ts';
import { useCommand } from '../../live/use-command.ts';
import { Switch } from '../../ui/switch.tsx';
import { SettingRow } from './setting-row.tsx';

export function TraySetting({ closeToTray }: { closeToTray: boolean }) {
  const id = useId();
  const command = useCommand('settings.set');
  const change = async (next: boolean) => {
    const result = await command.run({ closeToTray: next });
    if (!result.ok) return;
    recordUndo({
      label: next ? 'Closing keeps proxying' : 'Closing quits',
      undo: () => call('settings.set', { closeToTray: !next }),
      redo: () => call('settings.set', { closeToTray: next }),
    });
  };
  return (
    <SettingRow
      label={<label htmlFor={id}>Keep proxying when closed</label>}
      hint={
        closeToTray ? 'Closing the window leaves Sluice in the tray.' : 'Closing the window quits Sluice.'
      }
      hintId={`${id}-hint`}
    >
      <Switch
        id={id}
        aria-describedby={`${id}-hint`}
        checked={closeToTray}
        pending={command.pending}
        onCheckedChange={(next) => void change(next)}
      />
    </SettingRow>
  );
}
