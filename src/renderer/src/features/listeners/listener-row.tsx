// One listener: state, address, traffic, and why it failed with what to do about it.
import { ExternalLink, MoreHorizontal } from 'lucide-react';
import type { ListenerConfig, ListenerLimits } from '#shared/config/listener.ts';
import { formatAddress } from '#shared/config/primitives.ts';
import type { ListenerStatus } from '#shared/status.ts';
import { cn } from '../../lib/class-names.ts';
import { inFormWords } from '../../lib/field-words.ts';
import { formatCount, formatRate, NO_VALUE } from '../../lib/format.ts';
import { listenerRemedy } from '../../lib/listener-failure.ts';
import { askedNames, listenerOrigin, namedOrigin, unnamedHost } from '../../lib/listener-url.ts';
import { listenerMark } from '../../lib/state-marks.ts';
import { openDialog } from '../../live/dialogs.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { NARROW_ROW } from './narrow-row.ts';

interface ListenerRowProps {
  listener: ListenerConfig;
  /** Undefined for the moment between saving it and the engine's first word. */
  status: ListenerStatus | undefined;
  /** Names its certificates are for; empty while that is not known. */
  names: readonly string[];
}

export function ListenerRow({ listener, status, names }: ListenerRowProps) {
  const state = status?.state ?? 'starting';
  const mark = listenerMark(state);
  const listening = state === 'listening';
  // One whose new address cannot be had goes on at the old one, and clients outlive the port they came by.
  const serves = listening || status?.servedAddress !== undefined || (status?.connections ?? 0) > 0;
  return (
    <>
      <tr className={cn('h-11 border-t border-line bg-raised', NARROW_ROW)}>
        <th scope="rowgroup" className="pl-3.5 font-normal">
          <span className="flex items-center gap-2.5">
            <StateMark shape={mark.shape} tone={mark.tone} />
            <span className="truncate font-semibold">{listener.name}</span>
            <span className={state === 'failed' ? 'text-down' : 'text-muted'}>{mark.word}</span>
          </span>
        </th>
        <td colSpan={2} className="px-2 py-1.5 font-mono text-xs max-[979px]:basis-[calc(100%-160px)]">
          <Address listener={listener} status={status} names={names} />
        </td>
        <td className="px-2 text-right max-[979px]:text-left max-[979px]:before:text-muted max-[979px]:before:content-['Connections_']">
          {serves ? formatCount(status?.connections ?? 0) : NO_VALUE}
          <Refused count={status?.connectionsRefused ?? 0} limits={listener.limits} />
        </td>
        <td className="px-2 text-right font-semibold max-[979px]:before:font-normal max-[979px]:before:text-muted max-[979px]:before:content-['Req/s_']">
          {serves ? formatRate(status?.requestsPerS ?? 0) : NO_VALUE}
        </td>
        <td className="pr-2.5 max-[979px]:ml-auto">
          <div className="flex justify-end gap-1">
            <Button size="sm" onClick={() => openDialog({ kind: 'route-form', listener: listener.name })}>
              Add route
            </Button>
            <Menu items={itemsOf(listener.name)}>
              <IconButton label={`More for ${listener.name}`} className="size-6">
                <MoreHorizontal aria-hidden="true" />
              </IconButton>
            </Menu>
          </div>
        </td>
      </tr>
      {status?.state === 'failed' && <Failure name={listener.name} error={status.error ?? ''} />}
    </>
  );
}

interface AddressProps {
  listener: ListenerConfig;
  status: ListenerStatus | undefined;
  names: readonly string[];
}

function Address({ listener, status, names }: AddressProps) {
  const { protocol, host, port } = listener;
  if (status?.state === 'listening') {
    return <BoundAddress listener={listener} address={status.address} names={names} />;
  }
  const asked = listenerOrigin(protocol, formatAddress(host, port));
  return (
    <>
      <span className="text-muted">{port === 0 ? `${asked} (chosen by the system)` : asked}</span>
      {status?.servedAddress !== undefined && (
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="font-sans text-muted">still at</span>
          <BoundAddress listener={listener} address={status.servedAddress} names={names} />
        </span>
      )}
    </>
  );
}

interface BoundAddressProps {
  listener: ListenerConfig;
  /** Where it accepts connections now. */
  address: string;
  names: readonly string[];
}

function BoundAddress({ listener, address, names }: BoundAddressProps) {
  const { protocol, redirectToHttps: redirect } = listener;
  const knownNames = names.length > 0 ? names : askedNames(listener);
  // As it is opened, and as every other page writes it; the address is beside it where it says more.
  const origin = namedOrigin(protocol, address, knownNames);
  const refusedAs = unnamedHost(origin, knownNames);
  const isOpen = /^(0\.0\.0\.0|\[::\]):/.test(address);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <a
        href={`${origin}/`}
        title={`Bound to ${address}`}
        target="_blank"
        rel="noreferrer"
        className="inline-flex items-center gap-1.5 rounded-sm hover:underline"
      >
        {origin}
        <ExternalLink className="size-3 text-muted" aria-hidden="true" />
        <span className="sr-only">opens in the browser</span>
      </a>
      {refusedAs !== undefined && (
        <span className="font-sans text-muted">no certificate is for {refusedAs}</span>
      )}
      {isOpen && <span className="font-sans text-muted">on every address</span>}
      {listener.port === 0 && <span className="font-sans text-muted">port chosen by the system</span>}
      {redirect && <span className="font-sans text-muted">sends all to https, port {redirect.port}</span>}
    </span>
  );
}

/** Since the start; nothing as long as every connection found room. */
function Refused({ count, limits }: { count: number; limits: ListenerLimits }) {
  if (count === 0) return null;
  const perClient = limits.connectionsPerClient;
  const ofOne = perClient === 0 ? '' : `, or of ${formatCount(perClient)} from one client`;
  const reason = `more than the limit of ${formatCount(limits.connections)} connections at a time${ofOne}`;
  return (
    <Tooltip content={`Refused: ${reason}`}>
      <span className="block text-warn text-xs whitespace-nowrap">
        {formatCount(count)} refused
        <span className="sr-only">: {reason}</span>
      </span>
    </Tooltip>
  );
}

function Failure({ name, error }: { name: string; error: string }) {
  const remedy = listenerRemedy(error);
  return (
    <tr className={cn('bg-raised', NARROW_ROW)}>
      <td colSpan={6} className="pr-3.5 pb-2.5 pl-[35px] max-[979px]:basis-full">
        <div className="flex items-center gap-3">
          <div className="min-w-0 flex-1">
            <p className="text-down">
              {error === '' ? 'It does not accept connections.' : inFormWords(error)}
            </p>
            <p className="text-xs text-muted">{remedy.text}</p>
          </div>
          <Button size="sm" onClick={() => openDialog({ kind: 'listener-form', listener: name })}>
            {remedy.act}
          </Button>
        </div>
      </td>
    </tr>
  );
}

function itemsOf(listener: string): MenuItem[] {
  return [
    { label: 'Edit listener…', onSelect: () => openDialog({ kind: 'listener-form', listener }) },
    { label: 'Add route…', onSelect: () => openDialog({ kind: 'route-form', listener }) },
    'separator',
    {
      label: 'Remove listener…',
      tone: 'danger',
      onSelect: () => openDialog({ kind: 'confirm-remove', target: { type: 'listener', listener } }),
    },
  ];
}
