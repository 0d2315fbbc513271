// A dropdown of acts, on Radix. Items are data, so that a row's menu, its context menu and a test agree.
import { DropdownMenu, ContextMenu as RadixContextMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cn } from '../lib/class-names.ts';
import { Kbd } from './kbd.tsx';

export type MenuItem =
  | {
      label: string;
      onSelect: () => void;
      icon?: ReactNode;
      shortcut?: string;
      tone?: 'danger';
      disabled?: boolean;
    }
  | 'separator';

export interface MenuProps {
  items: readonly MenuItem[];
  align?: 'start' | 'center' | 'end';
  /** The button that opens it; one element that takes a ref. */
  children: ReactElement;
}

const CONTENT_CLASSES =
  'animate-fade-in z-60 min-w-[180px] rounded-md border border-line bg-panel p-1 shadow-float focus:outline-none';

export function Menu({ items, align = 'end', children }: MenuProps) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={CONTENT_CLASSES}>
          {items.map((item, i) =>
            item === 'separator' ? (
              <DropdownMenu.Separator key={separatorKey(items, i)} className="my-1 h-px bg-line" />
            ) : (
              <DropdownMenu.Item
                key={item.label}
                disabled={item.disabled}
                onSelect={item.onSelect}
                className={itemClasses(item.tone)}
              >
                <ItemContent item={item} />
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** The same list on the secondary button and the menu key. */
export function ContextMenu({ items, children }: Omit<MenuProps, 'align'>) {
  return (
    <RadixContextMenu.Root>
      <RadixContextMenu.Trigger asChild>{children}</RadixContextMenu.Trigger>
      <RadixContextMenu.Portal>
        <RadixContextMenu.Content collisionPadding={8} className={CONTENT_CLASSES}>
          {items.map((item, i) =>
            item === 'separator' ? (
              <RadixContextMenu.Separator key={separatorKey(items, i)} className="my-1 h-px bg-line" />
            ) : (
              <RadixContextMenu.Item
                key={item.label}
                disabled={item.disabled}
                onSelect={item.onSelect}
                className={itemClasses(item.tone)}
              >
                <ItemContent item={item} />
              </RadixContextMenu.Item>
            ),
          )}
        </RadixContextMenu.Content>
      </RadixContextMenu.Portal>
    </RadixContextMenu.Root>
  );
}

/** A separator is known by the item it follows. */
function separatorKey(items: readonly MenuItem[], index: number): string {
  const before = items[index - 1];
  return before === undefined || before === 'separator' ? `separator ${index}` : `after ${before.label}`;
}

function itemClasses(tone: 'danger' | undefined): string {
  return cn(
    'flex h-7 items-center gap-2 rounded-sm px-2 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover [&>svg]:size-3.5 [&>svg]:text-muted',
    tone === 'danger' && 'text-down [&>svg]:text-down',
  );
}

function ItemContent({ item }: { item: Exclude<MenuItem, 'separator'> }) {
  return (
    <>
      {item.icon}
      <span className="flex-1">{item.label}</span>
      {item.shortcut && <Kbd keys={item.shortcut} className="ml-4" />}
    </>
  );
}
