// What the health check section holds. Fields of every type are kept side by side, so switching the
// type and back loses nothing that was typed; only those of the chosen type are saved. Pure.
import { type HealthCheckConfig, HttpHealthCheck, TcpHealthCheck } from '#shared/config/health-check.ts';
import { numberFrom, textFrom, wordsFrom } from './form-schema.ts';

export type HealthCheckType = 'none' | 'http' | 'tcp';

export interface HealthCheckValues {
  type: HealthCheckType;
  method: HttpHealthCheck['method'];
  path: string;
  host: string;
  expectStatus: string;
  expectBody: string;
  expectJson: { path: string; equals: string };
  intervalMs: string;
  timeoutMs: string;
  rise: string;
  fall: string;
}

export function healthCheckValues(check: HealthCheckConfig | undefined): HealthCheckValues {
  const http = check?.type === 'http' ? check : HttpHealthCheck.parse({ type: 'http' });
  const schedule = check ?? TcpHealthCheck.parse({ type: 'tcp' });
  return {
    type: check?.type ?? 'none',
    method: http.method,
    path: http.path,
    host: http.host ?? '',
    expectStatus: http.expectStatus.join(', '),
    expectBody: http.expectBody ?? '',
    expectJson: {
      path: http.expectJson?.path ?? '',
      equals: http.expectJson ? scalarText(http.expectJson.equals) : '',
    },
    intervalMs: String(schedule.intervalMs),
    timeoutMs: String(schedule.timeoutMs),
    rise: String(schedule.rise),
    fall: String(schedule.fall),
  };
}

/** Input for HealthCheckConfig; undefined when backends are not checked. */
export function healthCheckInput(values: HealthCheckValues): unknown {
  if (values.type === 'none') return undefined;
  const schedule = {
    intervalMs: numberFrom(values.intervalMs),
    timeoutMs: numberFrom(values.timeoutMs),
    rise: numberFrom(values.rise),
    fall: numberFrom(values.fall),
  };
  if (values.type === 'tcp') return { type: 'tcp', ...schedule };
  return {
    type: 'http',
    method: values.method,
    path: textFrom(values.path),
    host: textFrom(values.host),
    expectStatus: wordsFrom(values.expectStatus),
    // Spaces may be part of the text that is looked for.
    expectBody: values.expectBody === '' ? undefined : values.expectBody,
    expectJson: jsonExpectation(values.expectJson),
    ...schedule,
  };
}

function jsonExpectation(values: { path: string; equals: string }): unknown {
  const path = textFrom(values.path);
  return path === undefined ? undefined : { path, equals: scalarFrom(values.equals) };
}

/** `true`, `12` and `null` are JSON values; a quoted or any other text is text. */
export function scalarFrom(text: string): string | number | boolean | null {
  const trimmed = text.trim();
  try {
    const value: unknown = JSON.parse(trimmed);
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      return value as string | number | boolean | null;
    }
  } catch {
    // Plain words are not JSON; they mean themselves.
  }
  return trimmed;
}

/** The shortest text that `scalarFrom` reads back as the same value. */
export function scalarText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  return scalarFrom(value) === value ? value : JSON.stringify(value);
}
