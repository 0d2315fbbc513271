// Asks before something that takes effect at once. Names what will happen; the safe answer has the focus.
import { AlertDialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { ReturnFocus } from './return-focus.tsx';

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** A question: "Remove api-5?" */
  title: ReactNode;
  /** What will happen, in full. */
  children: ReactNode;
  /** The act itself: "Remove backend". */
  confirmLabel: string;
  /** Default danger. */
  tone?: 'danger' | 'primary';
  pending?: boolean;
  onConfirm: () => void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, children, confirmLabel, tone = 'danger', pending, onConfirm } = props;
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="animate-fade-in fixed inset-0 z-40 bg-scrim" />
        <AlertDialog.Content
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="animate-rise-in fixed inset-x-4 top-[min(18vh,120px)] z-50 mx-auto flex max-h-[calc(100vh-min(18vh,120px)-16px)] max-w-[420px] flex-col rounded-lg border border-line bg-panel p-5 shadow-float"
        >
          <ReturnFocus />
          <AlertDialog.Title className="text-base font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-2 min-h-0 space-y-2 overflow-y-auto text-sm text-muted">{children}</div>
          </AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Cancel</Button>
            </AlertDialog.Cancel>
            <Button variant={tone} pending={pending} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
