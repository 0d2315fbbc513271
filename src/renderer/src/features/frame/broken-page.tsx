// What stands in place of a page that failed to draw: the rest of the window works, and what the core last
// said is still known. The details are for a bug report.
import { TriangleAlert } from 'lucide-react';
import { copyText } from '../../lib/copy-text.ts';
import { useLive } from '../../live/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { brokenPageText } from './broken-text.ts';

export interface BrokenPageProps {
  error: Error;
  onRetry: () => void;
}

export function BrokenPage({ error, onRetry }: BrokenPageProps) {
  const text = useLive(brokenPageText);
  return (
    <Panel label="Broken page" className="flex flex-1 flex-col justify-center">
      <EmptyState
        icon={<TriangleAlert aria-hidden="true" />}
        title={<h1>This page could not be shown</h1>}
        actions={
          <>
            <Button variant="primary" onClick={() => window.location.reload()}>
              Reload
            </Button>
            <Button onClick={onRetry}>Try again</Button>
            <Button onClick={() => copyText(detailsOf(error), 'Copied the details')}>Copy details</Button>
          </>
        }
      >
        <p role="alert">{text}</p>
        <p className="selectable mt-2 font-mono text-xs break-words">{error.message}</p>
      </EmptyState>
    </Panel>
  );
}

function detailsOf(error: Error): string {
  return [`Page: ${window.location.hash || '#/'}`, error.stack ?? `${error.name}: ${error.message}`].join(
    '\n',
  );
}
