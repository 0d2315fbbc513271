// The checks of one backend, in the built window against a fake core: asked how an incident began, they show
// the probe that took the backend down, not those of another incident soon after.
import { expect, it } from 'vitest';
import { openBoard, row } from '../../support/pool-board.ts';
import { rendererSuite } from '../../support/renderer-window.ts';

const suite = rendererSuite();

it('the probes open where the incident began, and say which of them did it', async () => {
  await using window = await openBoard(suite);
  const { page, core } = window;
  const began = core.state.now - 362_000;
  const probe = (at: number) => {
    const failed = at > began - 2500 || at < began - 30_000;
    return { at, ok: !failed, code: failed ? 'L7 503' : 'L7 200', tookMs: 3, detail: 'expected 200' };
  };
  core.service.handlers['checks.list'] = ({ from = began, to = began }) => ({
    checks: Array.from({ length: Math.floor((to - from) / 1000) }, (_, i) => probe(to - i * 1000)),
  });
  await row(page, 'api-5').getByText('api-5', { exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Checks of api-5' });
  await dialog.getByRole('button', { name: 'How it began' }).click();
  const decided = dialog.getByRole('row').filter({ hasText: 'went down here' });
  await decided.waitFor();
  expect(await dialog.getByText('first failure').count()).toBe(1);
  const isInView = async () => {
    const [shown, box] = [await decided.boundingBox(), await dialog.boundingBox()];
    if (shown === null || box === null) return false;
    return shown.y > box.y + 60 && shown.y + shown.height < box.y + box.height;
  };
  await expect.poll(isInView).toBe(true);
  expect(await dialog.getByRole('listitem').getAttribute('aria-current')).toBe('true');
});
