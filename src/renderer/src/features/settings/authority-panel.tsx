// The local authority: whether this machine believes it, and the exact command that makes it so. Says
// "unknown" where the system cannot be asked; what a browser thinks is never claimed.
import { Copy, Download } from 'lucide-react';
import { type RefObject, useEffect, useId, useRef, useState } from 'react';
import type { AuthorityStatus, TrustCommand, TrustState } from '#shared/certificates.ts';
import { copyText } from '../../lib/copy-text.ts';
import { downloadText } from '../../lib/download-text.ts';
import { formatDate } from '../../lib/format.ts';
import type { Mark } from '../../lib/state-marks.ts';
import { replaceRoute, useRoute } from '../../lib/use-route.ts';
import { useQuery } from '../../live/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { StateMark } from '../../ui/state-mark.tsx';

const REFRESH_MS = 5000;
const FILE_NAME = 'sluice-authority.pem';

export function AuthorityPanel({ platform }: { platform: string }) {
  const { data, error } = useQuery('certificates.authority', {}, { refreshMs: REFRESH_MS });
  const panel = useSoughtPanel(data !== undefined);
  return (
    <Panel ref={panel} title="Trust the local authority">
      <p className="mt-0.5 px-3.5 text-xs text-muted">
        It signs the certificates of https listeners that name no files of their own. Its key stays in the
        data folder.
      </p>
      {data === undefined ? (
        <p className="min-h-11 px-3.5 py-3 text-muted">{error?.message ?? 'Asking the core…'}</p>
      ) : data.exists ? (
        <Authority authority={data} platform={platform} />
      ) : (
        <p className="min-h-11 px-3.5 py-3 text-muted">
          There is none yet: it is made when the first https listener needs it.
        </p>
      )}
    </Panel>
  );
}

/** Brings the panel into view for a link that leads to it, again once it has its height. */
function useSoughtPanel(whole: boolean): RefObject<HTMLElement | null> {
  const panel = useRef<HTMLElement>(null);
  const route = useRoute();
  const sought = route.page === 'settings' && route.part === 'authority';
  useEffect(() => {
    if (!sought) return;
    panel.current?.scrollIntoView({ block: 'nearest' });
    panel.current?.focus({ preventScroll: true });
    // Arrived: the same link leads here again.
    if (whole) replaceRoute({ page: 'settings' });
  }, [sought, whole]);
  return panel;
}

const TRUST: Readonly<Record<TrustState, Mark & { meaning: string }>> = {
  trusted: {
    shape: 'dot',
    tone: 'up',
    word: 'Trusted',
    meaning: 'Programs of this machine believe it. A browser may keep a list of its own.',
  },
  'not-trusted': {
    shape: 'half',
    tone: 'warn',
    word: 'Not trusted',
    meaning: 'Programs of this machine warn about what it signed, until it is added.',
  },
  unknown: {
    shape: 'ring',
    tone: 'off',
    word: 'Unknown',
    meaning: 'This system cannot be asked for certain. If a browser warns, add it.',
  },
};

function Authority({ authority, platform }: { authority: AuthorityStatus; platform: string }) {
  const { word, meaning, shape, tone } = TRUST[authority.trust];
  return (
    <div className="mt-2 divide-y divide-line">
      <div className="flex min-h-11 items-center gap-4 px-3.5 py-2.5">
        <div className="min-w-0 flex-1" role="status">
          <p className="flex items-center gap-2">
            <StateMark shape={shape} tone={tone} />
            {word}
          </p>
          <p className="text-xs text-muted">{meaning}</p>
        </div>
        <Button onClick={() => downloadText(FILE_NAME, authority.pem, 'application/x-pem-file')}>
          <Download className="size-3.5" aria-hidden="true" />
          Save certificate
        </Button>
      </div>
      {authority.commands.length > 0 && <Commands commands={authority.commands} platform={platform} />}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 px-3.5 py-2.5">
        <dt>File</dt>
        <dd className="text-right font-mono text-xs wrap-anywhere">{authority.path}</dd>
        <dt>SHA-256</dt>
        <dd className="text-right font-mono text-2xs wrap-anywhere">{authority.fingerprint}</dd>
        {authority.notAfter !== null && (
          <>
            <dt>Valid until</dt>
            <dd className="text-right">{formatDate(authority.notAfter)}</dd>
          </>
        )}
      </dl>
    </div>
  );
}

/** By what the core's machine runs; the certificate has to be believed there first. */
const FIRST_FOR: Readonly<Record<string, RegExp>> = { darwin: /mac/i, win32: /windows/i, linux: /debian/i };

function Commands({ commands, platform }: { commands: readonly TrustCommand[]; platform: string }) {
  const id = useId();
  const fitting = commands.findIndex(({ os }) => FIRST_FOR[platform]?.test(os) ?? false);
  const [chosen, setChosen] = useState(() => String(Math.max(0, fitting)));
  const command = commands[Number(chosen)] ?? commands[0];
  if (command === undefined) return null;
  return (
    <div className="flex flex-col gap-2 px-3.5 py-2.5">
      <div className="flex items-center justify-between gap-4">
        <label htmlFor={id}>To have it trusted by</label>
        <Select
          id={id}
          value={chosen}
          onValueChange={setChosen}
          options={commands.map(({ os }, i) => ({ value: String(i), label: os }))}
          className="w-[180px]"
        />
      </div>
      <div className="flex items-start gap-2 rounded-md border border-line bg-raised py-1.5 pr-1.5 pl-2.5">
        <code className="min-w-0 flex-1 self-center font-mono text-xs wrap-anywhere">{command.command}</code>
        <Button size="sm" onClick={() => copyText(command.command, `Copied the command for ${command.os}`)}>
          <Copy className="size-3" aria-hidden="true" />
          Copy
        </Button>
      </div>
    </div>
  );
}
