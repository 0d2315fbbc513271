import { describe, expect, it } from 'vitest';
import {
  type Placement,
  parseWindowState,
  placeWindow,
  type Rectangle,
} from '../../../src/main/shell/window-bounds.ts';

const LAPTOP: Rectangle = { x: 0, y: 0, width: 1440, height: 860 };
const BESIDE: Rectangle = { x: 1440, y: -200, width: 2560, height: 1400 };

describe('the window’s place', () => {
  const cases: [
    what: string,
    saved: Rectangle | undefined,
    areas: Rectangle[],
    placed: Omit<Placement, 'maximized'>,
  ][] = [
    ['is centred and fitted on a first run', undefined, [LAPTOP], { width: 1440, height: 860 }],
    ['has the default size where there is room', undefined, [BESIDE], { width: 1440, height: 900 }],
    [
      'is where it was',
      { x: 100, y: 50, width: 1000, height: 700 },
      [LAPTOP],
      { x: 100, y: 50, width: 1000, height: 700 },
    ],
    [
      'stays on the second display',
      { x: 1500, y: -100, width: 2000, height: 1200 },
      [LAPTOP, BESIDE],
      { x: 1500, y: -100, width: 2000, height: 1200 },
    ],
    [
      'is centred when its display is gone',
      { x: 1500, y: -100, width: 2000, height: 1200 },
      [LAPTOP],
      { width: 1440, height: 860 },
    ],
    [
      'is centred when only a sliver is left on screen',
      { x: 1400, y: 10, width: 1000, height: 700 },
      [LAPTOP],
      { width: 1000, height: 700 },
    ],
    [
      'is centred when its title bar is below the screen',
      { x: 100, y: 850, width: 1000, height: 700 },
      [LAPTOP],
      { width: 1000, height: 700 },
    ],
    [
      'never is smaller than the page needs',
      { x: 0, y: 0, width: 200, height: 10 },
      [LAPTOP],
      { x: 0, y: 0, width: 900, height: 600 },
    ],
    ['needs no display at all', undefined, [], { width: 1440, height: 900 }],
  ];
  it.each(cases)('%s', (_what, bounds, areas, placed) => {
    const saved = bounds === undefined ? undefined : { bounds, maximized: false };
    expect(placeWindow(saved, areas)).toEqual({ ...placed, maximized: false });
  });

  it('is maximized again, with the size to return to', () => {
    const saved = { bounds: { x: 10, y: 10, width: 1000, height: 700 }, maximized: true };
    expect(placeWindow(saved, [LAPTOP])).toEqual({ ...saved.bounds, maximized: true });
  });
});

describe('a saved window state', () => {
  it('is read back as written', () => {
    const state = { bounds: { x: -5, y: 0, width: 1000, height: 700 }, maximized: true };
    expect(parseWindowState(JSON.stringify(state))).toEqual(state);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"bounds":null,"maximized":true}',
    '{"bounds":{"x":0,"y":0,"width":1e400,"height":1},"maximized":true}',
    '{"bounds":{"x":0.5,"y":0,"width":900,"height":600},"maximized":true}',
    '{"bounds":{"x":0,"y":0,"width":900,"height":600}}',
  ])('is ignored when damaged: %s', (text) => {
    expect(parseWindowState(text)).toBeUndefined();
  });
});
