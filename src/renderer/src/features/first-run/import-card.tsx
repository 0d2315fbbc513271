// "Import a config": opens the dialog that checks a sluice.json before it is used.
import { useShortcut } from '../../lib/keyboard.ts';
import { openDialog } from '../../live/dialogs.ts';
import { Button } from '../../ui/button.tsx';
import { ImportArt } from './art.tsx';
import { Card } from './card.tsx';

const open = () => openDialog({ kind: 'import-config' });

export function ImportCard() {
  useShortcut('i', open, { label: 'Import a config', group: 'First run' });
  return (
    <Card
      art={<ImportArt />}
      title="Import a config"
      text="A sluice.json from a repository or another machine. It is checked before anything changes."
    >
      <Button className="self-start" shortcut="i" onClick={open}>
        Import…
      </Button>
    </Card>
  );
}
