// The palette offers what can be done now, under words a person would type.
import { describe, expect, it } from 'vitest';
import {
  type PaletteActs,
  type PaletteInput,
  paletteCommands,
} from '../../../../src/renderer/src/features/frame/palette-commands.ts';
import { rankCommands } from '../../../../src/renderer/src/features/frame/palette-rank.ts';
import { createFakeCore } from '../../../support/fake-core.ts';
import { boardScene } from '../../../support/fake-scene.ts';

const NOW = 1_700_000_000_000;

function setup(change: Partial<PaletteInput> = {}) {
  const done: string[] = [];
  const acts: PaletteActs = {
    go: (route) => done.push(`go ${JSON.stringify(route)}`),
    dialog: (request) => done.push(`dialog ${request.kind}`),
    setState: (pool, backend, state) => done.push(`${pool}/${backend} ${state}`),
    setTheme: (theme) => done.push(`theme ${theme}`),
    undo: () => done.push('undo'),
    redo: () => done.push('redo'),
    help: () => done.push('help'),
    filter: () => done.push('filter'),
  };
  const { status } = createFakeCore(boardScene(), NOW).service.events.snapshot().snapshot;
  const commands = paletteCommands(
    {
      pools: status.pools,
      listeners: status.listeners,
      theme: 'dark',
      shownPool: 'api',
      revision: 42,
      undoLabel: null,
      redoLabel: null,
      ...change,
    },
    acts,
  );
  return { commands, done };
}

const labels = (commands: readonly { label: string }[]) => commands.map(({ label }) => label);

describe('the commands', () => {
  it('have ids of their own', () => {
    const { commands } = setup();
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
  });

  it('leave out what would change nothing', () => {
    const all = labels(setup().commands);
    expect(all).toContain('Drain api-2');
    expect(all).not.toContain('Enable api-2');
    expect(all).toContain('Enable api-4');
    expect(all).not.toContain('Drain api-4');
    expect(all).not.toContain('Dark theme');
    expect(all.some((label) => label.startsWith('Undo'))).toBe(false);
  });

  it('say what undo would take back', () => {
    expect(labels(setup({ undoLabel: 'Drained api-4' }).commands)).toContain('Undo: Drained api-4');
  });

  it('offer no rollback from the first revision', () => {
    expect(labels(setup().commands)).toContain('Roll back to r41…');
    expect(labels(setup({ revision: 1 }).commands).some((label) => label.startsWith('Roll back'))).toBe(
      false,
    );
  });

  it('do what they say', () => {
    const { commands, done } = setup();
    for (const label of ['Drain api-2', 'New pool', 'Pool web', 'Light theme', 'Trust the local authority']) {
      commands.find((command) => command.label === label)?.run();
    }
    expect(done).toEqual([
      'api/api-2 draining',
      'dialog pool-form',
      'go {"page":"pool","pool":"web"}',
      'theme light',
      'go {"page":"settings","part":"authority"}',
    ]);
  });
});

describe('ranking', () => {
  const { commands } = setup();

  it.each([
    ['drain api-2', 'Drain api-2'],
    ['api-2 drain', 'Drain api-2'],
    ['pool web', 'Pool web'],
    ['3003 disable', 'Disable api-3'],
    ['light', 'Light theme'],
    ['sett', 'Settings'],
    ['NEW POOL', 'New pool'],
    ['export', 'Export config…'],
    ['import', 'Import config…'],
    ['trust', 'Trust the local authority'],
    ['checks api-3', 'Checks of api-3'],
    ['filter', 'Filter the backends'],
    ['set weight api-2', 'Set the weight of api-2…'],
    ['remove pool web', 'Remove pool web…'],
  ])('puts for "%s" first: %s', (query, label) => {
    expect(rankCommands(commands, query, 10)[0]?.label).toBe(label);
  });

  it('finds nothing for nonsense, everything for nothing, never more than asked', () => {
    expect(rankCommands(commands, 'zzzz', 10)).toEqual([]);
    expect(rankCommands(commands, '  ', 7)).toHaveLength(7);
    expect(rankCommands(commands, 'a', 3)).toHaveLength(3);
  });
});
