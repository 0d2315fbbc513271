// Dark, light or as the system has it. The page follows when the core has saved the choice.
import { RadioGroup } from 'radix-ui';
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
  const labelId = useId();
  return (
    <SettingRow label={<span id={labelId}>Theme</span>}>
      <RadioGroup.Root
        aria-labelledby={labelId}
        value={theme}
        onValueChange={(value) => void setTheme(value as Settings['theme'])}
        orientation="horizontal"
        className="flex rounded-md border border-line bg-raised p-0.5"
      >
        {THEMES.map(({ value, label }) => (
          <RadioGroup.Item
            key={value}
            value={value}
            className="h-6 rounded-sm px-3 text-muted hover:text-text data-[state=checked]:bg-panel data-[state=checked]:font-semibold data-[state=checked]:text-text data-[state=checked]:shadow-[0_0_0_1px_var(--line-strong)]"
          >
            {label}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </SettingRow>
  );
}
