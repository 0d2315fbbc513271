// Screen 11: every saved Config, newest first, with who made it and what it changed; the way back to
// any of them, and the Config as a file in and out.
import { Download, Upload } from 'lucide-react';
import { openDialog } from '../../live/dialogs.ts';
import { Button } from '../../ui/button.tsx';
import { RevisionList } from './revision-list.tsx';

export function RevisionsPage() {
  return (
    <div className="flex flex-col gap-3">
      <header className="flex min-h-7 flex-wrap items-center gap-x-2.5 gap-y-1.5">
        <h1 className="font-semibold text-lg">Revisions</h1>
        <p className="text-muted max-[959px]:order-last max-[959px]:basis-full">
          Every change is kept; any of them can be made current again.
        </p>
        <div className="ml-auto flex gap-2.5">
          <Button onClick={() => openDialog({ kind: 'import-config' })}>
            <Upload className="size-3.5" aria-hidden="true" />
            Import…
          </Button>
          <Button onClick={() => openDialog({ kind: 'export-config' })}>
            <Download className="size-3.5" aria-hidden="true" />
            Export…
          </Button>
        </div>
      </header>
      <RevisionList />
    </div>
  );
}
