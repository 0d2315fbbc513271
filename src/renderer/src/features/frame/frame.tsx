// The frame of the window: title bar, rail, banners, the page, status bar. It stays still while pages
// change; only the page scrolls, and takes the focus when a command of the palette leads to it.
import { type ReactNode, useState } from 'react';
import { cn } from '../../lib/class-names.ts';
import { useLive } from '../../live/hooks.ts';
import type { LiveState } from '../../live/live-state.ts';
import { Banners } from './banners.tsx';
import { HelpSheet } from './help-sheet.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { StatusBar } from './status-bar.tsx';
import { TitleBar } from './title-bar.tsx';
import { useFrameShortcuts } from './use-frame-shortcuts.ts';

const selectLost = (state: LiveState) => state.connection === 'lost';

export function Frame({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  const lost = useLive(selectLost);
  const openPalette = () => setOpen('palette');
  const openHelp = () => setOpen('help');
  useFrameShortcuts({ openPalette, openHelp });

  return (
    // Grey while cut off: what stands there was true once.
    <div
      className={cn(
        'grid h-full grid-cols-[216px_minmax(0,1fr)] grid-rows-[44px_minmax(0,1fr)_27px]',
        lost && '[&_footer]:grayscale [&_main]:grayscale [&_nav]:grayscale',
      )}
    >
      <TitleBar onOpenPalette={openPalette} />
      <Rail />
      <div className="flex min-h-0 flex-col">
        <Banners />
        <main
          tabIndex={-1}
          className="flex min-h-0 flex-1 flex-col overflow-y-auto px-[18px] py-3.5 focus:outline-none"
        >
          {children}
        </main>
      </div>
      <StatusBar />
      <Palette
        open={open === 'palette'}
        onOpenChange={(next) => setOpen(next ? 'palette' : null)}
        onHelp={openHelp}
      />
      <HelpSheet open={open === 'help'} onOpenChange={(next) => setOpen(next ? 'help' : null)} />
    </div>
  );
}
