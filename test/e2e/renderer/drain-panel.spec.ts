// The drain panel of the pool board, built and in Chromium, on a fake core:
// - what is left, of which kind, how old, where new requests go and when the rest is closed
// - one connection or all of them are closed, the latter after a question
// - it stays until nothing is left, and says so
import { describe, expect, it } from 'vitest';
import type { FakeCore } from '../../support/fake-core.ts';
import { adminOf, commandsOf, openBoard, row } from '../../support/pool-board.ts';
import { axeFindings, rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

const busy = (core: FakeCore, backend: string, inFlight: number, tunnels = 0) =>
  core.script('api', backend, { health: [{ agoMs: 8_040_000, health: 'up' }], inFlight, tunnels });

async function openDrain() {
  const window = await openBoard(suite);
  const panel = window.page.getByRole('region', { name: 'Drain of api-4' });
  await panel.getByRole('listitem').first().waitFor();
  return { window, panel };
}

describe('a drain under way', () => {
  it('says what is left, since when, of which kind, where new requests go and when the rest is closed', async () => {
    const { window, panel } = await openDrain();
    await using _ = window;
    await panel.getByText('3 of 21 connections left').waitFor();
    await panel.getByText('1 HTTP · 2 WebSocket · oldest 4 m 12 s').waitFor();
    await panel.getByText('New requests go to api-1, api-2, api-3').waitFor();
    await panel.getByText('What is under way may finish.').waitFor();
    const countdown = panel.getByText(/^What remains is closed in 4 m \d\d s$/);
    const before = await countdown.textContent();
    await expect.poll(() => countdown.textContent(), { timeout: 5000 }).not.toBe(before);
    expect(await panel.getByRole('listitem').allTextContents()).toEqual([
      expect.stringMatching(/^WS \/live127\.0\.0\.14 m 1\d s/),
      expect.stringMatching(/^WS \/live127\.0\.0\.12 m 0\d s/),
      expect.stringMatching(/^GET \/report\.csv192\.168\.0\.2138 s/),
    ]);
    expect(await axeFindings(window.page)).toEqual([]);
  });

  it('names no end when the pool gives it all the time', async () => {
    const { window, panel } = await openDrain();
    await using _ = window;
    const { core } = window;
    core.service.handlers['pools.update'](
      { name: 'api', pool: { ...core.state.config.pools[0], drainMs: 0 } as never },
      { author: 'cli' },
    );
    await panel.getByText('None of it is closed: the pool gives a drain all the time').waitFor();
    expect(await panel.getByText(/^What remains/).count()).toBe(0);
    await panel.getByText('3 of 21 connections left').waitFor();
  });

  it('counts what it does not list, and lists it on demand', async () => {
    const { window, panel } = await openDrain();
    await using _ = window;
    busy(window.core, 'api-4', 20, 2);
    await panel.getByRole('button', { name: 'and 17 more' }).click();
    await expect.poll(() => panel.getByRole('listitem').count()).toBe(20);
    await panel.getByRole('button', { name: 'Show fewer' }).click();
    await expect.poll(() => panel.getByRole('listitem').count()).toBe(3);
  });

  it.each([
    [1440, 900],
    [1024, 700],
  ])('leaves its own row and the next in view at %d × %d, however much it lists', async (width, height) => {
    await using window = await openBoard(suite, { viewport: { width, height } });
    const { page, core } = window;
    const panel = page.getByRole('region', { name: 'Drain of api-4' });
    busy(core, 'api-4', 20, 2);
    await panel.getByRole('button', { name: 'and 17 more' }).click();
    await expect.poll(() => panel.getByRole('listitem').count()).toBe(20);
    const seen = (await page.evaluate(`(() => {
      const box = document.querySelector('[role=grid]').parentElement;
      const rowOf = (name) => document.querySelector('[data-row="' + name + '"]');
      const head = document.querySelector('[role=columnheader]').getBoundingClientRect();
      box.scrollTop += rowOf('api-4').getBoundingClientRect().top - head.bottom;
      const panel = document.querySelector('[aria-label="Drain of api-4"][tabindex]');
      const next = rowOf('api-5').getBoundingClientRect();
      return {
        ofNext: box.getBoundingClientRect().bottom - next.top,
        hidden: panel.scrollHeight - panel.clientHeight,
        clipped: panel.scrollWidth - panel.clientWidth,
      };
    })()`)) as Record<'ofNext' | 'hidden' | 'clipped', number>;
    expect(seen.ofNext).toBeGreaterThan(35);
    expect(seen.hidden).toBeGreaterThan(0);
    expect(seen.clipped).toBe(0);
    await panel.getByRole('listitem').last().getByRole('button').focus();
    await panel.getByRole('button', { name: 'Close all now…' }).click({ trial: true });
  });

  it('is undone by its button', async () => {
    const { window, panel } = await openDrain();
    await using _ = window;
    await panel.getByRole('button', { name: 'Undo drain' }).click();
    await expect.poll(() => adminOf(window.core, 'api-4')).toBe('enabled');
    await panel.waitFor({ state: 'detached' });
  });

  it('that began here is undone by the key its button shows', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await row(page, 'api-1').getByRole('switch').click();
    const panel = page.getByRole('region', { name: 'Drain of api-1' });
    await panel.getByText('7 of 7 connections left').waitFor();
    await panel.getByText('Ctrl Z').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => adminOf(core, 'api-1')).toBe('enabled');
    await panel.waitFor({ state: 'detached' });
  });
});

describe('closing', () => {
  it('ends one connection, from the keyboard, and keeps the focus in the panel', async () => {
    const { window, panel } = await openDrain();
    await using _ = window;
    const { page, core } = window;
    await panel.getByRole('button', { name: 'Close GET /report.csv of 192.168.0.21' }).focus();
    await page.keyboard.press('Enter');
    await panel.getByText('2 of 21 connections left').waitFor();
    await expect.poll(() => panel.getByRole('listitem').count()).toBe(2);
    expect(commandsOf(core, 'connections.close')).toEqual([{ pool: 'api', backend: 'api-4', id: 2 }]);
    await expect
      .poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")'))
      .toBe('Drain of api-4');
  });

  it('all of them asks first, with what that breaks; Esc closes none', async () => {
    const { window, panel } = await openDrain();
    await using _ = window;
    const { page, core } = window;
    const opener = panel.getByRole('button', { name: 'Close all now…' });
    await opener.click();
    const question = page.getByRole('alertdialog', { name: 'Close what api-4 still has?' });
    await question.getByText('1 HTTP · 2 WebSocket').waitFor();
    await question.getByText('cannot be undone').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect(commandsOf(core, 'connections.closeAll')).toEqual([]);

    await opener.click();
    await question.getByRole('button', { name: 'Close all now' }).click();
    await page.getByText('Closed 3 connections of api-4').waitFor();
    await panel.getByText('Nothing left').waitFor();
    await panel.getByText('18 finished by themselves, Sluice closed 3').waitFor();
    expect(commandsOf(core, 'connections.closeAll')).toEqual([{ pool: 'api', backend: 'api-4' }]);
  });
});

describe('a drain that ended', () => {
  it('stays until it is put away, then is only a word in its row', async () => {
    const { window, panel } = await openDrain();
    await using _ = window;
    const { page, core } = window;
    busy(core, 'api-4', 0);
    await panel.getByText('Nothing left of 21 connections').waitFor();
    await panel.getByText('All of them finished by themselves').waitFor();
    await panel.getByText('It can be stopped without losing a request').waitFor();
    await panel.getByRole('button', { name: 'Enable again' }).waitFor();
    await panel.getByRole('button', { name: 'Hide' }).click();
    await panel.waitFor({ state: 'detached' });
    await row(page, 'api-4').getByText('Drained', { exact: true }).waitFor();
  });

  it('before the board was opened has no panel', async () => {
    await using window = await suite.open();
    const { page, core } = window;
    busy(core, 'api-4', 0);
    await page.evaluate('window.location.hash = "#/pools/api"');
    await row(page, 'api-4').getByText('Drained', { exact: true }).waitFor();
    expect(await page.getByRole('region', { name: 'Drain of api-4' }).count()).toBe(0);
  });

  it('is told apart from one that began anew', async () => {
    const { window, panel } = await openDrain();
    await using _ = window;
    const { core } = window;
    busy(core, 'api-4', 0);
    await panel.getByRole('button', { name: 'Hide' }).click();
    await panel.waitFor({ state: 'detached' });
    core.tick();
    core.service.handlers['backends.setState'](
      { pool: 'api', backend: 'api-4', state: 'draining' },
      { author: 'cli' },
    );
    busy(core, 'api-4', 5);
    await panel.getByText('5 of 21 connections left').waitFor();
  });
});
