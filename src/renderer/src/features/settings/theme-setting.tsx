// Dark, light or as the system has it. The page follows when the core has saved the choice.
import { useId } from 'react';
import type { Settings } from '#shared/contract.ts';
import { setTheme } from '../../live/theme.ts';
import { SettingRow } from './setting-row.tsx';

const THEMES: readonly { value: Settings['theme']; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
];

export function ThemeSetting({ theme }: { theme: Settings['theme'] }) {
  const id = useId();
  return (
    <SettingRow label={<span id={id}>Theme</span>}>
      <div
        role="radiogroup"
        aria-labelledby={id}
        className="flex rounded-md border border-line bg-raised p-0.5"
      >
        {THEMES.map(({ value, label }) => (
          <label
            key={value}
            className="flex h-6 items-center rounded-sm px-3 text-muted outline-focus hover:text-text has-checked:bg-panel has-checked:font-semibold has-checked:text-text has-checked:shadow-[0_0_0_1px_var(--line-strong)] has-focus-visible:outline-2"
          >
            <input
              type="radio"
              name={id}
              value={value}
              checked={theme === value}
              onChange={() => void setTheme(value)}
              className="sr-only"
            />
            {label}
          </label>
        ))}
      </div>
    </SettingRow>
  );
}
