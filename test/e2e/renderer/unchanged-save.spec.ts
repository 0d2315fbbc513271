// A save that changes nothing, in the built window against a fake core: the window says so, and what
// Ctrl Z offers stays the change before it. Nobody's change is taken back by undoing nothing.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { FakeCore } from '../../support/fake-core.ts';
import { weightsOf } from '../../support/pool-board.ts';
import type { ScriptedWindow } from '../../support/scripted-window.ts';
import { windowSuite } from '../../support/window-suite.ts';

const open = windowSuite();

/** r43, by another client. */
async function weightSetElsewhere(window: ScriptedWindow) {
  await window.core.service.handlers['backends.setWeight'](
    { pool: 'api', backend: 'api-1', weight: 77 },
    { author: 'cli' },
  );
}

async function saveUnchanged(page: Page, opener: () => Promise<void>, title: string, button: string) {
  await opener();
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByRole('button', { name: button }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Nothing changed').waitFor();
}

const newest = (core: FakeCore) => core.state.revisions[0]?.summary.revision;

describe('saving a form unchanged', () => {
  it('leaves nothing to undo of what another client changed', async () => {
    await using window = await open('/pools/api');
    const { page, core } = window;
    await weightSetElsewhere(window);
    const opener = () => page.getByRole('button', { name: 'Edit pool' }).click();
    await saveUnchanged(page, opener, 'Edit pool api', 'Save pool');
    await page.keyboard.press('Control+z');
    await page.getByText('Nothing to undo').waitFor();
    expect([newest(core), weightsOf(core)['api-1']]).toEqual([43, 77]);
    expect(window.inputs('revisions.rollback')).toEqual([]);
  });

  it('keeps the own change before it as what is undone next', async () => {
    await using window = await open('/pools/api');
    const { page, core } = window;
    await page.getByText('127.0.0.1:3001').waitFor();
    const opener = async () => {
      await page.keyboard.press('1');
      await page.keyboard.press('e');
      await page.getByRole('dialog', { name: 'Edit api-1' }).waitFor();
    };
    await opener();
    await page.getByRole('dialog').getByLabel('Weight').fill('77');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await saveUnchanged(page, opener, 'Edit api-1', 'Save backend');
    expect(window.inputs('backends.update')).toHaveLength(2);
    await page.keyboard.press('Control+z');
    await page.getByText('Undone: Changed api-1').waitFor();
    expect([newest(core), weightsOf(core)['api-1']]).toEqual([44, 90]);
  });
});

describe('importing the config that runs', () => {
  it('leaves nothing to undo', async () => {
    await using window = await open('/revisions');
    const { page, core } = window;
    await weightSetElsewhere(window);
    await page.getByRole('row', { name: /^r43 current/ }).waitFor();
    await page.getByRole('button', { name: 'Import…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import a config' });
    await dialog.getByLabel('Config', { exact: true }).fill(JSON.stringify(core.state.config));
    await dialog.getByRole('button', { name: 'Replace config' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Nothing changed').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('Nothing to undo').waitFor();
    expect([newest(core), weightsOf(core)['api-1']]).toEqual([43, 77]);
  });
});

describe('rolling back to what runs already', () => {
  it('is not undone, and the own changes before it still are', async () => {
    await using window = await open('/pools/api');
    const { page, core } = window;
    const weight = async (value: string) => {
      await page.keyboard.press('1');
      await page.keyboard.press('e');
      await page.getByRole('dialog').getByLabel('Weight').fill(value);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await page.getByText('127.0.0.1:3001').waitFor();
    await weight('77');
    await weight('90');
    await weight('50');
    await page.keyboard.press('Control+z');
    await expect.poll(() => [newest(core), weightsOf(core)['api-1']]).toEqual([46, 90]);
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Roll back to r42' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Roll back to r42' }).click();
    await page.getByText('Nothing changed').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => [newest(core), weightsOf(core)['api-1']]).toEqual([47, 77]);
  });
});
