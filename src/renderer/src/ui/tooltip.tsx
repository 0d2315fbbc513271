// More about a control on hover and focus, on Radix. Never the only place of something that matters. It goes
// when the control is used or lost, and the focus that a dialog gives back does not bring it again.
import { Tooltip as RadixTooltip } from 'radix-ui';
import { type FocusEvent, type ReactElement, type ReactNode, useState } from 'react';
import { Kbd } from './kbd.tsx';

export interface TooltipProps {
  content: ReactNode;
  shortcut?: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
  /** One element that takes a ref. */
  children: ReactElement<{ disabled?: boolean }>;
}

/** Whether the focus goes where a person sent it by Tab; a dialog that closes sends it back by itself. */
let byTab = false;
document.addEventListener('keydown', ({ key }) => (byTab = key === 'Tab'), true);
document.addEventListener('pointerdown', () => (byTab = false), true);

/** Once, around the app: neighbours open without a new delay. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <RadixTooltip.Provider delayDuration={350} skipDelayDuration={200}>
      {children}
    </RadixTooltip.Provider>
  );
}

export function Tooltip({ content, shortcut, side = 'bottom', children }: TooltipProps) {
  const [open, setOpen] = useState(false);
  // A disabled button is told of no pointer that leaves it.
  const usable = children.props.disabled !== true;
  if (open && !usable) setOpen(false);
  return (
    <RadixTooltip.Root open={open} onOpenChange={setOpen}>
      <RadixTooltip.Trigger asChild onFocus={keepClosed}>
        {children}
      </RadixTooltip.Trigger>
      <RadixTooltip.Portal>
        <RadixTooltip.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="animate-fade-in z-60 flex max-w-[320px] items-center gap-2 rounded-md border border-line bg-panel px-2.5 py-1.5 text-xs text-text shadow-float"
        >
          {content}
          {shortcut && <Kbd keys={shortcut} />}
        </RadixTooltip.Content>
      </RadixTooltip.Portal>
    </RadixTooltip.Root>
  );
}

/** Radix opens on every focus unless the event was prevented. */
function keepClosed(event: FocusEvent): void {
  if (!byTab) event.preventDefault();
}
