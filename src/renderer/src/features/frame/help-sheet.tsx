// The `?` sheet: every shortcut that works on this page, by group. Built from the registry, so it cannot
// name a key that does nothing.
import { useShortcutList } from '../../lib/keyboard.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Kbd } from '../../ui/kbd.tsx';

export interface HelpSheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function HelpSheet({ open, onOpenChange }: HelpSheetProps) {
  const groups = Map.groupBy(useShortcutList(), (shortcut) => shortcut.group);
  const ordered = [...groups].sort(([a], [b]) => Number(b === 'Everywhere') - Number(a === 'Everywhere'));
  return (
    <Dialog open={open} onOpenChange={onOpenChange} size="lg" title="Keyboard shortcuts">
      <div className="columns-2 gap-x-8 max-[760px]:columns-1">
        {ordered.map(([group, shortcuts]) => (
          <section key={group} className="break-inside-avoid pb-5">
            <h3 className="mb-1.5 text-2xs font-medium tracking-wide text-faint uppercase">{group}</h3>
            <ul>
              {shortcuts.map((shortcut) => (
                <li
                  key={`${shortcut.keys} ${shortcut.label}`}
                  className="flex items-center justify-between gap-3 py-[3px]"
                >
                  <span className="text-sm">{shortcut.label}</span>
                  <Kbd keys={shortcut.keys} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
