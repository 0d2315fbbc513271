// The rows, all of them or, in a long list, those in view. A row and the drain panel under it are one
// item, so both move together when a long list is scrolled.
// biome-ignore-all lint/a11y/useSemanticElements: an ARIA grid of divs, because rows are virtualised and carry panels; focus is roving by row
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect } from 'react';

/** Up to here every row is in the document: nothing to measure, find-in-page works. */
const PLAIN_LIMIT = 60;
export const ROW_HEIGHT = 51;
export const HEAD_HEIGHT = 33;

interface GridBodyProps {
  names: readonly string[];
  scrollBox: RefObject<HTMLDivElement | null>;
  /** Receives the function that scrolls a row into view. */
  reveal: RefObject<((name: string) => void) | null>;
  renderRow: (name: string, index: number) => ReactNode;
}

export function GridBody(props: GridBodyProps) {
  return props.names.length > PLAIN_LIMIT ? <VirtualRows {...props} /> : <PlainRows {...props} />;
}

const ITEM_CLASSES = 'border-b border-line last:border-b-0';

function PlainRows({ names, renderRow }: GridBodyProps) {
  return (
    <div role="rowgroup">
      {names.map((name, index) => (
        <div key={name} className={ITEM_CLASSES}>
          {renderRow(name, index)}
        </div>
      ))}
    </div>
  );
}

function VirtualRows({ names, scrollBox, reveal, renderRow }: GridBodyProps) {
  const virtualizer = useVirtualizer({
    count: names.length,
    getScrollElement: () => scrollBox.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => names[index] ?? index,
    scrollMargin: 0,
    scrollPaddingStart: HEAD_HEIGHT,
    overscan: 6,
  });
  useEffect(() => {
    reveal.current = (name) => {
      const index = names.indexOf(name);
      if (index !== -1) virtualizer.scrollToIndex(index, { align: 'auto' });
    };
    return () => {
      reveal.current = null;
    };
  }, [names, reveal, virtualizer]);
  return (
    <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map((item) => {
        const name = names[item.index];
        if (name === undefined) return null;
        return (
          <div
            key={item.key}
            ref={virtualizer.measureElement}
            data-index={item.index}
            className={`absolute inset-x-0 ${ITEM_CLASSES}`}
            style={{ top: item.start }}
          >
            {renderRow(name, item.index)}
          </div>
        );
      })}
    </div>
  );
}
