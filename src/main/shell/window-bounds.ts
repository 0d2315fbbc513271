// Decides where the window opens: where it was, if enough of its title bar is still on a screen, else
// centred at the default size. Pure; window.ts passes what it read and the displays of now.

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface WindowState {
  bounds: Rectangle;
  maximized: boolean;
}

export const MIN_WIDTH = 900;
export const MIN_HEIGHT = 600;
const DEFAULT_WIDTH = 1440;
const DEFAULT_HEIGHT = 900;
/** This much of the title bar must be reachable to drag the window back. */
const GRIP_WIDTH = 120;
const GRIP_HEIGHT = 40;

export type Placement = { width: number; height: number; x?: number; y?: number; maximized: boolean };

/** `workAreas`: the usable part of each display, the primary one first. */
export function placeWindow(saved: WindowState | undefined, workAreas: readonly Rectangle[]): Placement {
  const primary = workAreas[0] ?? { x: 0, y: 0, width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT };
  if (saved === undefined) {
    return { ...fitSize({ width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT }, primary), maximized: false };
  }
  const area = workAreas.find((candidate) => gripVisible(saved.bounds, candidate));
  // Without coordinates Electron centres the window on the primary display.
  if (area === undefined) return { ...fitSize(saved.bounds, primary), maximized: saved.maximized };
  return { x: saved.bounds.x, y: saved.bounds.y, ...fitSize(saved.bounds, area), maximized: saved.maximized };
}

/** Reads what a file held; anything unexpected means no saved state. */
export function parseWindowState(text: string): WindowState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || !isRecord(value.bounds) || typeof value.maximized !== 'boolean') return undefined;
  const { x, y, width, height } = value.bounds;
  if (!isInteger(x) || !isInteger(y) || !isInteger(width) || !isInteger(height)) return undefined;
  return { bounds: { x, y, width, height }, maximized: value.maximized };
}

function fitSize(
  size: { width: number; height: number },
  area: Rectangle,
): { width: number; height: number } {
  return {
    width: Math.max(MIN_WIDTH, Math.min(size.width, area.width)),
    height: Math.max(MIN_HEIGHT, Math.min(size.height, area.height)),
  };
}

function gripVisible(bounds: Rectangle, area: Rectangle): boolean {
  const width = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const top = bounds.y;
  return width >= GRIP_WIDTH && top >= area.y && top + GRIP_HEIGHT <= area.y + area.height;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
