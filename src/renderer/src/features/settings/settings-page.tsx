// The person's settings and what this Sluice is: theme, tray, demo, the local authority, where the data lies,
// how much of it there is.
import type { ReactNode } from 'react';
import { cn } from '../../lib/class-names.ts';
import { useNow } from '../../lib/clock.ts';
import { formatAge, formatBytes, formatSpan } from '../../lib/format.ts';
import { useInfo, useSettings, useSystem } from '../../live/hooks.ts';
import { Panel } from '../../ui/panel.tsx';
import { AuthorityPanel } from './authority-panel.tsx';
import { DemoSetting } from './demo-setting.tsx';
import { ThemeSetting } from './theme-setting.tsx';
import { TraySetting } from './tray-setting.tsx';

export function SettingsPage() {
  const settings = useSettings();
  const info = useInfo();
  if (!settings || !info) return null;
  return (
    <div className="flex max-w-[760px] flex-col gap-3">
      <header className="flex min-h-7 items-center">
        <h1 className="font-semibold text-lg">Settings</h1>
      </header>
      <Panel title="Window">
        <div className="mt-2 divide-y divide-line">
          <ThemeSetting theme={settings.theme} />
          {info.host === 'desktop' && <TraySetting closeToTray={settings.closeToTray} />}
        </div>
      </Panel>
      <Panel title="Demo">
        <div className="mt-2">
          <DemoSetting />
        </div>
      </Panel>
      <AuthorityPanel platform={info.platform} />
      <AboutPanel />
    </div>
  );
}

function AboutPanel() {
  const info = useInfo();
  const system = useSystem();
  const now = useNow();
  if (!info) return null;
  return (
    <Panel title="This Sluice">
      <dl className="mt-2 divide-y divide-line">
        <Fact name="Version">{info.version}</Fact>
        <Fact name="Running">
          {formatAge(now - info.startedAt)}, {info.host === 'headless' ? 'headless' : 'as a desktop app'} on{' '}
          {info.platform}
        </Fact>
        <Fact name="Data folder" mono>
          {info.dataDir}
        </Fact>
        {info.configFile !== null && (
          <Fact name="Config file, watched" mono>
            {info.configFile}
          </Fact>
        )}
        {system && (
          <Fact name="History">
            {formatBytes(system.historyBytes)} on disk, kept for {formatSpan(system.retentionS)}
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function Fact({ name, mono, children }: { name: string; mono?: boolean; children: ReactNode }) {
  return (
    <div className="flex min-h-11 items-center justify-between gap-6 px-3.5 py-2.5">
      <dt className="shrink-0">{name}</dt>
      <dd className={cn('min-w-0 text-right', mono && 'font-mono text-xs wrap-anywhere')}>{children}</dd>
    </div>
  );
}
