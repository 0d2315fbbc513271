// The person's settings: parsed on the way in and out, so an unknown or damaged value in the
// database falls back to its default instead of breaking the window.
import { Settings } from '#shared/contract.ts';
import { transaction, type WriteDb } from '../store/db.ts';
import { readSettings, writeSetting } from '../store/settings.ts';

export interface SettingsStore {
  get(): Settings;
  set(changes: Partial<Settings>): Settings;
}

export function createSettings(db: WriteDb, onChange: (settings: Settings) => void): SettingsStore {
  let current = load(db);
  return {
    get: () => current,
    set(changes) {
      transaction(db, () => {
        for (const [key, value] of Object.entries(changes)) {
          if (value !== undefined) writeSetting(db, key, value);
        }
      });
      current = load(db);
      onChange(current);
      return current;
    },
  };
}

function load(db: WriteDb): Settings {
  const stored = readSettings(db);
  const known = Object.fromEntries(
    Object.entries(Settings.shape).map(([key, field]) => [key, field.safeParse(stored[key]).data]),
  );
  return Settings.parse(known);
}
