// The `?` sheet: every shortcut by the place where it works. What does not work on this page is muted, and its
// heading says where it does.
import { cn } from '../../lib/class-names.ts';
import { useShortcutList } from '../../lib/keyboard.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { listedPlaces } from './key-places.ts';

export interface HelpSheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function HelpSheet({ open, onOpenChange }: HelpSheetProps) {
  const places = listedPlaces(useShortcutList());
  return (
    <Dialog open={open} onOpenChange={onOpenChange} size="lg" title="Keyboard shortcuts">
      <div className="columns-2 gap-x-8 max-[760px]:columns-1">
        {places.map(({ group, where, keys }) => (
          <section key={group} className="break-inside-avoid pb-5">
            <h3 className="text-2xs font-medium tracking-wide text-faint uppercase">{group}</h3>
            {where !== null && <p className="text-xs text-muted">Works {where}.</p>}
            <ul className="mt-1.5">
              {keys.map(({ keys: chord, label, here }) => (
                <li
                  key={`${chord} ${label}`}
                  className={cn('flex items-center justify-between gap-3 py-[3px]', !here && 'text-muted')}
                >
                  <span className="text-sm">{label}</span>
                  <Kbd keys={chord} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
