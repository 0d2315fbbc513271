// The first screen of a Sluice that has nothing to balance yet: three ways to traffic, each a few
// keys away. It leaves by itself as soon as there is a pool or a listener.
import { openDialog } from '../../live/dialogs.ts';
import { Button } from '../../ui/button.tsx';
import { DemoCard } from './demo-card.tsx';
import { ImportCard } from './import-card.tsx';
import { SplitCard } from './split-card.tsx';

export function FirstRun() {
  return (
    <div className="mx-auto flex w-full max-w-[880px] flex-1 flex-col justify-center gap-6 py-4">
      <header className="text-center">
        <h1 className="text-xl font-semibold">What should Sluice balance?</h1>
        <p className="mt-1 text-base text-muted">
          It runs on this machine only. Everything you do here can be undone with Ctrl Z.
        </p>
      </header>
      <div className="grid grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)] gap-4">
        <SplitCard />
        <div className="grid grid-rows-2 gap-4">
          <DemoCard />
          <ImportCard />
        </div>
      </div>
      <p className="flex items-center justify-center gap-1 text-muted">
        Or build it piece by piece:
        <Button variant="ghost" onClick={() => openDialog({ kind: 'pool-form' })}>
          New pool
        </Button>
        <Button variant="ghost" onClick={() => openDialog({ kind: 'listener-form' })}>
          Add listener
        </Button>
      </p>
    </div>
  );
}
