// The columns of the backend table: order, width, how each sorts, and which go first when the window
// is narrow. Pure; the cells themselves are in cells.tsx.
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
} from '@tanstack/react-table';
import type { BackendStatus } from '#shared/status.ts';
import { severityRank } from '../../../lib/state-marks.ts';

export type ColumnId =
  | 'backend'
  | 'state'
  | 'weight'
  | 'target'
  | 'actual'
  | 'rate'
  | 'inFlight'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'clientErrors'
  | 'serverErrors'
  | 'checks'
  | 'lastCheck'
  | 'enabled'
  | 'actions';

interface ColumnLayout {
  heading: string;
  /** What the heading stands for, for screen readers and the tooltip. */
  title: string;
  minPx: number;
  /** Share of the space left over; 0 keeps the minimum. */
  grow: number;
  align: 'left' | 'right';
  /** The highest number is dropped first; 0 always stays. */
  dropOrder: number;
}

export const COLUMNS: Readonly<Record<ColumnId, ColumnLayout>> = {
  backend: { heading: 'Backend', title: 'Backend', minPx: 172, grow: 5, align: 'left', dropOrder: 0 },
  state: { heading: 'State', title: 'State', minPx: 132, grow: 0, align: 'left', dropOrder: 0 },
  weight: { heading: 'Weight', title: 'Weight', minPx: 100, grow: 1, align: 'left', dropOrder: 0 },
  target: {
    heading: 'Target',
    title: 'Share of new requests it should get',
    minPx: 56,
    grow: 0,
    align: 'right',
    dropOrder: 0,
  },
  actual: {
    heading: 'Actual',
    title: 'Share of requests it got over the last 60 s',
    minPx: 58,
    grow: 0,
    align: 'right',
    dropOrder: 0,
  },
  rate: {
    heading: 'Req/s',
    title: 'Attempts at this backend per second over the last 10 s',
    minPx: 50,
    grow: 0,
    align: 'right',
    dropOrder: 2,
  },
  inFlight: {
    heading: 'In flight',
    title: 'Requests and tunnels under way',
    minPx: 56,
    grow: 0,
    align: 'right',
    dropOrder: 5,
  },
  p50: {
    heading: 'p50',
    title: 'Median response time, ms',
    minPx: 42,
    grow: 0,
    align: 'right',
    dropOrder: 9,
  },
  p95: { heading: 'p95', title: '95th percentile, ms', minPx: 44, grow: 0, align: 'right', dropOrder: 4 },
  p99: { heading: 'p99', title: '99th percentile, ms', minPx: 44, grow: 0, align: 'right', dropOrder: 8 },
  clientErrors: {
    heading: '4xx %',
    title: '4xx answers over the last 60 s, percent of the attempts at this backend',
    minPx: 46,
    grow: 0,
    align: 'right',
    dropOrder: 6,
  },
  serverErrors: {
    heading: '5xx %',
    title:
      '5xx answers and failures over the last 60 s, percent of the attempts at this backend; those that another backend answered afterwards are counted too',
    minPx: 46,
    grow: 0,
    align: 'right',
    dropOrder: 3,
  },
  checks: {
    heading: 'Checks · 60 min',
    title: 'Worst health in each 2 minutes of the last hour',
    minPx: 118,
    grow: 0,
    align: 'left',
    dropOrder: 1,
  },
  lastCheck: { heading: 'Last check', title: 'Last check', minPx: 106, grow: 2, align: 'left', dropOrder: 7 },
  enabled: {
    heading: 'On',
    title: 'Whether it takes new requests',
    minPx: 38,
    grow: 0,
    align: 'left',
    dropOrder: 0,
  },
  actions: { heading: '', title: 'Actions', minPx: 26, grow: 0, align: 'left', dropOrder: 0 },
};

const ORDER = Object.keys(COLUMNS) as ColumnId[];

/** Room for the state strip left of the first column, and the padding at the right. */
export const LEADING_PX = 14;
const TRAILING_PX = 6;

/** The columns that fit, dropping the least important first. What always stays may still need scrolling. */
export function columnsThatFit(widthPx: number): ColumnId[] {
  const shown = new Set(ORDER);
  const byDropOrder = [...ORDER].sort((a, b) => COLUMNS[b].dropOrder - COLUMNS[a].dropOrder);
  for (const id of byDropOrder) {
    if (neededPx(shown) <= widthPx || COLUMNS[id].dropOrder === 0) break;
    shown.delete(id);
  }
  return ORDER.filter((id) => shown.has(id));
}

function neededPx(ids: Iterable<ColumnId>): number {
  let px = LEADING_PX + TRAILING_PX;
  for (const id of ids) px += COLUMNS[id].minPx;
  return px;
}

/** How wide the column of names is laid out. */
export function namesWidth(ids: readonly ColumnId[], widthPx: number): number {
  const grow = ids.reduce((sum, id) => sum + COLUMNS[id].grow, 0);
  const freePx = Math.max(0, widthPx - neededPx(ids));
  return COLUMNS.backend.minPx + (freePx * COLUMNS.backend.grow) / grow;
}

/** Of a column that begins with the row's box: whether the whole address has room beside the name. */
export function addressFits(
  { name, address }: Pick<BackendStatus, 'name' | 'address'>,
  namesPx: number,
): boolean {
  return BOX_PX + name.length * NAME_CHAR_PX + address.length * ADDRESS_CHAR_PX <= namesPx;
}

const BOX_PX = 34;
/** Of a bold letter of middling width, and of one in the font of addresses. */
const NAME_CHAR_PX = 7.2;
const ADDRESS_CHAR_PX = 6.7;

/** The track list of CSS grid, so that header and rows agree. */
export function gridTemplate(ids: readonly ColumnId[]): string {
  const tracks = ids.map((id) => {
    const { minPx, grow } = COLUMNS[id];
    return grow === 0 ? `${minPx}px` : `minmax(${minPx}px, ${grow}fr)`;
  });
  return `${LEADING_PX}px ${tracks.join(' ')} ${TRAILING_PX}px`;
}

export function minTableWidth(ids: readonly ColumnId[]): number {
  return neededPx(ids);
}

export const boardFeatures = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

const helper = createColumnHelper<typeof boardFeatures, BackendStatus>();

/** A missing number sorts last, whichever way the column points. */
function number(id: ColumnId, value: (backend: BackendStatus) => number | null) {
  return helper.accessor((backend) => value(backend) ?? undefined, {
    id,
    sortFn: 'basic',
    sortDescFirst: true,
    sortUndefined: 'last',
  });
}

export const columnDefs = helper.columns([
  helper.accessor('name', { id: 'backend', sortFn: 'alphanumeric' }),
  helper.accessor((backend) => severityRank(backend.state), {
    id: 'state',
    sortFn: 'basic',
    sortDescFirst: false,
  }),
  number('weight', (backend) => backend.weight),
  number('target', (backend) => backend.targetShare),
  number('actual', (backend) => backend.actualShare),
  number('rate', (backend) => backend.requestsPerS),
  number('inFlight', (backend) => backend.inFlight),
  number('p50', (backend) => backend.latencyMs.p50),
  number('p95', (backend) => backend.latencyMs.p95),
  number('p99', (backend) => backend.latencyMs.p99),
  number('clientErrors', (backend) => backend.clientErrorPct),
  number('serverErrors', (backend) => backend.serverErrorPct),
  helper.display({ id: 'checks' }),
  number('lastCheck', (backend) => backend.lastCheck?.tookMs ?? null),
  helper.display({ id: 'enabled' }),
  helper.display({ id: 'actions' }),
]);
