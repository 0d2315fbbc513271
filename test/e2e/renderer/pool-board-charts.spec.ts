// The charts of the pool board, built and in Chromium, on a fake core:
// - what is newest is never under the figures of an axis
// - revisions are marked that changed this pool, and no others, by names no line strikes through
// - what the rows of the table do not stand for is drawn and named: removed backends, requests without one
import { describe, expect, it } from 'vitest';
import { openBoard } from '../../support/pool-board.ts';
import { rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

const caller = { author: 'cli' as const };

describe('the axis of a chart', () => {
  it.each([
    ['Requests / s', 1440, 900],
    ['Latency', 1440, 900],
    ['Errors', 1440, 900],
    ['Requests / s', 1024, 700],
    ['Latency', 1024, 700],
    ['Errors', 1024, 700],
  ])('of %s has room of its own at %d × %d', async (title, width, height) => {
    await using window = await openBoard(suite, { viewport: { width, height } });
    const { page } = window;
    await page
      .locator(`[aria-label="${title}"] .recharts-yAxis-tick-labels text`)
      .nth(1)
      .waitFor({ state: 'attached' });
    await page
      .locator(`[aria-label="${title}"]`)
      .locator('.recharts-area-curve, .recharts-line-curve, .recharts-bar-rectangle path')
      .first()
      .waitFor({ state: 'attached' });
    const edges = (await page.evaluate(`(() => {
      const chart = document.querySelector('[aria-label="${title}"]');
      const boxes = (selector) => [...chart.querySelectorAll(selector)].map((each) => each.getBoundingClientRect());
      const figures = boxes('.recharts-yAxis-tick-labels text').filter(({ width }) => width > 0);
      return {
        newest: Math.max(...boxes('.recharts-area-curve, .recharts-line-curve, .recharts-bar-rectangle path').map(({ right }) => right)),
        begin: Math.min(...figures.map(({ left }) => left)),
        end: Math.max(...figures.map(({ right }) => right)),
        card: chart.getBoundingClientRect().right,
      };
    })()`)) as Record<'newest' | 'begin' | 'end' | 'card', number>;
    expect(edges.newest).toBeGreaterThan(0);
    expect(edges.begin).toBeGreaterThan(edges.newest);
    expect(edges.end).toBeLessThan(edges.card);
  });
});

describe('the marks on the time axis', () => {
  it('lie with their names left of the figures', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    await core.service.handlers['backends.setWeight']({ pool: 'api', backend: 'api-1', weight: 77 }, caller);
    core.tick();
    const chart = page.getByRole('region', { name: 'Requests / s' });
    const name = chart.locator('svg text', { hasText: /^r43 weight of api-1/ });
    await name.waitFor({ state: 'attached' });
    const [drawn, figure] = [
      await name.boundingBox(),
      await chart.locator('.recharts-yAxis-tick-labels text').nth(1).boundingBox(),
    ];
    expect((drawn?.x ?? 0) + (drawn?.width ?? 0)).toBeLessThan(figure?.x ?? 0);
  });

  it('name a change of this pool, and none of another', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    const marks = page.getByRole('region', { name: 'Requests / s' }).locator('.recharts-reference-line');
    const { handlers } = core.service;
    await marks.first().waitFor({ state: 'attached' });
    const before = await marks.count();
    await handlers['backends.setWeight']({ pool: 'web', backend: 'web-1', weight: 7 }, caller);
    await handlers['backends.setWeight']({ pool: 'api', backend: 'api-1', weight: 77 }, caller);
    core.tick();
    await expect.poll(() => marks.count(), { timeout: 5000 }).toBe(before + 1);
    const chart = page.getByRole('region', { name: 'Requests / s' });
    await chart.locator('svg text', { hasText: /^r44 weight of api-1/ }).waitFor({ state: 'attached' });
  });
});

describe('the bands of the requests', () => {
  const bands = '[aria-label="Requests / s"] .recharts-area-area';

  it('still have what a removed backend did', async () => {
    await using window = await openBoard(suite);
    const { page, core } = window;
    core.tick();
    await page.locator(bands).first().waitFor({ state: 'attached' });
    const before = await page.locator(bands).count();
    await core.service.handlers['backends.remove']({ pool: 'api', backend: 'api-1' }, caller);
    core.tick();
    await page.locator('[data-row="api-1"]').waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Requests / s' }).getByText('removed').waitFor();
    expect(await page.locator(bands).count()).toBe(before);
  });
});
