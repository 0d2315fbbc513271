// Screen of the listeners: which ports accept connections, what they cost now, and the routes of each
// in the order in which they are tried. In a window too narrow for columns the cells of a row follow each other.
import { Plus } from 'lucide-react';
import type { ListenerConfig } from '#shared/config/listener.ts';
import { plural } from '../../lib/format.ts';
import { useShortcut } from '../../lib/keyboard.ts';
import { openDialog } from '../../live/dialogs.ts';
import { useConfig, useListeners } from '../../live/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { CertificateRows } from './certificate-rows.tsx';
import { ListenerRow } from './listener-row.tsx';
import { RouteRows } from './route-rows.tsx';
import { useCertificates } from './use-certificates.ts';

const add = () => openDialog({ kind: 'listener-form' });

export function ListenersPage() {
  const listeners = useConfig()?.config.listeners;
  useShortcut('a', add, { label: 'Add a listener', group: 'Listeners' });
  return (
    <div className="flex flex-col gap-3">
      <header className="flex min-h-7 items-center gap-2.5">
        <h1 className="font-semibold text-lg">Listeners</h1>
        {listeners && listeners.length > 0 && <p className="text-muted">{summaryOf(listeners)}</p>}
        <Button variant="primary" shortcut="a" className="ml-auto" onClick={add}>
          <Plus className="size-3.5" strokeWidth={2.5} aria-hidden="true" />
          Add listener
        </Button>
      </header>
      {listeners?.length === 0 && <NoListeners />}
      {listeners && listeners.length > 0 && <ListenerTable listeners={listeners} />}
    </div>
  );
}

function summaryOf(listeners: readonly ListenerConfig[]): string {
  const routes = listeners.reduce((sum, listener) => sum + listener.routes.length, 0);
  return `${plural(listeners.length, 'listener')}, ${plural(routes, 'route')}`;
}

function ListenerTable({ listeners }: { listeners: readonly ListenerConfig[] }) {
  const statuses = useListeners();
  const certificates = useCertificates(listeners, statuses);
  return (
    <Panel label="Listeners" className="overflow-hidden">
      <table className="w-full table-fixed border-collapse text-left max-[979px]:block">
        <thead className="max-[979px]:sr-only">
          <tr className="h-8 text-xs text-muted [&>th]:font-normal [&>th]:whitespace-nowrap">
            <th className="w-[23%] pl-3.5">Listener</th>
            <th className="px-2">Address · match</th>
            <th className="w-[17%] px-2">Pool</th>
            <th className="w-[92px] px-2 text-right">Connections</th>
            <th className="w-[64px] px-2 text-right">Req/s</th>
            <th className="w-[138px] pr-3.5">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        {listeners.map((listener) => (
          <tbody
            key={listener.name}
            aria-label={`Listener ${listener.name}`}
            className="max-[979px]:block max-[979px]:first-of-type:[&>tr:first-child]:border-t-0"
          >
            <ListenerRow
              listener={listener}
              status={statuses.find(({ name }) => name === listener.name)}
              names={certificates.of(listener.name).flatMap(({ hosts }) => hosts)}
            />
            <CertificateRows
              certificates={certificates.of(listener.name)}
              failure={statuses.find(({ name }) => name === listener.name)?.error ?? ''}
              trust={certificates.trust}
            />
            <RouteRows listener={listener} />
          </tbody>
        ))}
      </table>
    </Panel>
  );
}

function NoListeners() {
  return (
    <Panel label="Listeners">
      <EmptyState
        title="No listener yet"
        actions={
          <Button variant="primary" shortcut="a" onClick={add}>
            Add listener
          </Button>
        }
      >
        A listener accepts connections on a port; its routes decide which pool serves a request.
      </EmptyState>
    </Panel>
  );
}
