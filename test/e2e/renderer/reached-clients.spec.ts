// Which backend the failures come from that reached clients, in the built window against a fake core: it is
// named and red at every width, and one whose failures were all retried is not.
import { describe, expect, it } from 'vitest';
import type { FakeCore } from '../../support/fake-core.ts';
import { openBoard, row } from '../../support/pool-board.ts';
import { rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

/** "api-2" answers 5xx, all of which reach clients; what fails at "api-1" is retried. */
function failing(core: FakeCore): void {
  const health = [{ agoMs: 0, health: 'up' as const }];
  core.script('api', 'api-1', { health, serverErrorPct: 9, retriedPct: 9 });
  core.script('api', 'api-2', { health, serverErrorPct: 20 });
  core.script('api', 'api-3', { health });
  core.tick();
}

/** For the page: whether the element is red. */
const isRed = (element: unknown) =>
  (element as { className: string }).className.split(' ').includes('text-down');

describe.each([
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
])('at $width × $height', (viewport) => {
  it('the row of the backend whose failures reach clients says so first, and only that one', async () => {
    await using window = await openBoard(suite, { viewport });
    const { page, core } = window;
    failing(core);
    const told = row(page, 'api-2').getByText(/^[\d.]+k? answers 5xx(?: or cut off)? in the last minute$/);
    await told.waitFor();
    expect(await told.evaluate(isRed)).toBe(true);
    expect(await row(page, 'api-1').getByText('in the last minute').count()).toBe(0);
    expect(await row(page, 'api-3').getByText('in the last minute').count()).toBe(0);
  });
});

it('only failures that reached clients are red beside their share', async () => {
  await using window = await openBoard(suite);
  const { page, core } = window;
  failing(core);
  const retried = row(page, 'api-1').getByText('9.0', { exact: true });
  await retried.waitFor();
  expect(await retried.evaluate(isRed)).toBe(false);
  expect(await row(page, 'api-2').getByText('20.0', { exact: true }).evaluate(isRed)).toBe(true);
});

it('the overview is red for failures that reached clients, and says when all were retried', async () => {
  await using window = await suite.open();
  const { page, core } = window;
  const health = [{ agoMs: 0, health: 'up' as const }];
  for (const name of ['api-2', 'api-3']) core.script('api', name, { health });
  core.script('api', 'api-1', { health, serverErrorPct: 9, retriedPct: 9 });
  core.tick();
  const api = page.getByRole('main').getByRole('row', { name: /http:.*\/api/ });
  await api.getByText('all retried', { exact: true }).waitFor();
  expect(
    await api
      .locator('.text-down')
      .getByText(/^\d+\.\d$/)
      .count(),
  ).toBe(0);
  core.script('api', 'api-1', { health, serverErrorPct: 9 });
  core.tick();
  await api.getByText('all retried', { exact: true }).waitFor({ state: 'detached' });
  expect(
    await api
      .locator('.text-down')
      .getByText(/^\d+\.\d$/)
      .count(),
  ).toBe(1);
});
