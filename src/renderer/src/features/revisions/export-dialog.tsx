// The Config as the text of a sluice.json, drains and disables included, to copy or to save as a file.
// Mounted by app-dialogs.tsx for the dialog kind "export-config".
import { Copy, Download } from 'lucide-react';
import { useId } from 'react';
import { downloadText } from '../../lib/download-text.ts';
import { showToast } from '../../lib/toasts.ts';
import { useQuery } from '../../live/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/input.tsx';

const FILE_NAME = 'sluice.json';

export function ExportDialog({ onClose }: { onClose: () => void }) {
  const id = useId();
  const { data, error } = useQuery('config.export', {});
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Export the config"
      description={
        data
          ? `r${data.revision} as it runs now, drains and disables included.`
          : (error?.message ?? 'Asking the core…')
      }
      size="lg"
      footer={
        data && (
          <>
            <Button onClick={() => void copy(data.text)}>
              <Copy className="size-3.5" aria-hidden="true" />
              Copy
            </Button>
            <Button variant="primary" onClick={() => downloadText(FILE_NAME, data.text, 'application/json')}>
              <Download className="size-3.5" aria-hidden="true" />
              Save {FILE_NAME}
            </Button>
          </>
        )
      }
    >
      <label htmlFor={id} className="sr-only">
        Config
      </label>
      <TextArea id={id} mono readOnly rows={20} value={data?.text ?? ''} />
    </Dialog>
  );
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast({ title: 'Config copied' });
  } catch {
    showToast({
      tone: 'warn',
      title: 'Not copied',
      detail: 'The clipboard is closed here; select the text instead.',
    });
  }
}
