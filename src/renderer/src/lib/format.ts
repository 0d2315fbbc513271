// Numbers, durations and sizes as people read them. Pure and locale-free so that two windows, a test
// and a screenshot agree; every figure keeps its width from one second to the next where it can.

/** Narrow and unbreakable, so "41 320" never wraps. */
const THIN_SPACE = '\u202f';
/** Stands for "no value", never for zero. */
export const NO_VALUE = '—';

/** 41320 → "41 320". Rounds to a whole number. */
export function formatCount(value: number): string {
  const digits = Math.abs(Math.round(value)).toString();
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  return value < 0 && digits !== '0' ? `−${grouped}` : grouped;
}

/** SI prefixes, largest first. */
const PREFIXES = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** Three digits at most, where there is little room: "0.3", "600", "1.2k", "827k", "1.65M". */
export function formatCompact(value: number): string {
  // Rounded first: 999 700 is "1M" and not "1000k".
  const rounded = Number(value.toPrecision(3));
  const [size, prefix] = PREFIXES.find(([least]) => rounded >= least) ?? [1, ''];
  return `${Number((rounded / size).toPrecision(4))}${prefix}`;
}

/** Per second: one decimal below 10 so a trickle is not shown as nothing, whole numbers above. */
export function formatRate(value: number): string {
  if (value === 0) return '0';
  if (value < 0.05) return '<0.1';
  return value < 9.95 ? value.toFixed(1) : formatCount(value);
}

/** Milliseconds without the unit: "61", "0.4", "—" for none. */
export function formatMs(value: number | null | undefined): string {
  if (value === null || value === undefined) return NO_VALUE;
  if (value === 0) return '0';
  if (value < 0.95) return value < 0.05 ? '<0.1' : value.toFixed(1);
  return formatCount(value);
}

/** The same where the column is narrow: from ten seconds on in seconds, "15 s". */
export function formatLatency(value: number | null | undefined): string {
  const seconds = value !== null && value !== undefined && value >= 9999.5;
  return seconds ? `${formatCount(value / 1000)} s` : formatMs(value);
}

/** 0 to 100 → "4.1"; null → "—". The unit belongs to the heading. */
export function formatPct(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? NO_VALUE : value.toFixed(digits);
}

/** 0 to 1 → "59.8%"; exactly nothing is "0%". */
export function formatShare(value: number | null | undefined, digits = 1): string {
  if (value === null || value === undefined) return NO_VALUE;
  return value === 0 ? '0%' : `${(value * 100).toFixed(digits)}%`;
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** 39845888 → "38 MB"; two significant digits below ten. */
export function formatBytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const figure = unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value).toString();
  return `${figure} ${BYTE_UNITS[unit]}`;
}

/** How long: "41s", "6m 02s", "41m", "2h 14m", "3d 4h". Seconds only while they still matter. */
export function formatAge(durationMs: number): string {
  const s = Math.max(0, Math.floor(durationMs / 1000));
  if (s < 60) return `${s}s`;
  const m = Math.floor(s / 60);
  if (m < 10) return `${m}m ${pad(s % 60)}s`;
  if (m < 60) return `${m}m`;
  const h = Math.floor(m / 60);
  if (h < 24) return `${h}h ${pad(m % 60)}m`;
  return `${Math.floor(h / 24)}d ${h % 24}h`;
}

/** A time that is watched running down or up, to the second: "38 s", "4 m 12 s", "1 h 05 m". */
export function formatDuration(durationMs: number): string {
  const s = Math.max(0, Math.floor(durationMs / 1000));
  if (s < 60) return `${s} s`;
  const m = Math.floor(s / 60);
  if (m < 60) return `${m} m ${pad(s % 60)} s`;
  return `${Math.floor(m / 60)} h ${pad(m % 60)} m`;
}

/** Retention and other round spans: 2592000 → "30 d". */
export function formatSpan(durationS: number): string {
  if (durationS >= 86_400) return `${Math.round(durationS / 86_400)} d`;
  if (durationS >= 3600) return `${Math.round(durationS / 3600)} h`;
  if (durationS >= 60) return `${Math.round(durationS / 60)} min`;
  return `${Math.round(durationS)} s`;
}

/** Wall clock of this machine: "19:43:51". */
export function formatClock(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** "20 Nov 19:43", for things that may be days old. */
export function formatDateTime(at: number): string {
  const date = new Date(at);
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** "20 Nov 19:43:08", where seconds tell two times apart. */
export function formatDateClock(at: number): string {
  const date = new Date(at);
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${formatClock(at)}`;
}

/** "20 Nov 2036", for what is years away. */
export function formatDate(at: number): string {
  const date = new Date(at);
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

/** "1 backend", "3 backends". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}
