// What the listener form holds, and its way from and to ListenerConfig. Routes are edited on their
// own; a new listener may be given its first one by naming a pool. Pure.
import { issuesBetween } from '#shared/config/config.ts';
import { ListenerConfig } from '#shared/config/listener.ts';
import type { FieldError } from './field-errors.ts';
import { formSchema, numberFrom, textFrom, wordsFrom } from './form-schema.ts';
import { placeIssues } from './issues.ts';
import { type ListenerTlsValues, listenerTlsInput, listenerTlsValues } from './listener-tls-values.ts';
import { numbersFrom, type Texts, textsOf } from './number-texts.ts';

export type ListenerSettings = Omit<ListenerConfig, 'routes'>;
export const ListenerSettings = ListenerConfig.omit({ routes: true });

export interface ListenerValues {
  name: string;
  protocol: ListenerConfig['protocol'];
  host: string;
  port: string;
  /** Saved for https only; kept while http is tried. */
  tls: ListenerTlsValues;
  /** Saved for http only. */
  redirectToHttps: { on: boolean; port: string };
  /** One per line. */
  trustedProxies: string;
  forwarded: boolean;
  via: boolean;
  timeouts: Texts<ListenerConfig['timeouts']>;
  limits: Texts<ListenerConfig['limits']>;
}

const DEFAULT_HTTPS_PORT = 443;

export function newListenerValues(name: string, port: number, httpsPort?: number): ListenerValues {
  return listenerValues(ListenerSettings.parse({ name, port }), httpsPort);
}

/** `httpsPort`: where a redirect would most likely lead. */
export function listenerValues(
  listener: ListenerSettings,
  httpsPort: number = DEFAULT_HTTPS_PORT,
): ListenerValues {
  const { redirectToHttps: redirect } = listener;
  return {
    name: listener.name,
    protocol: listener.protocol,
    host: listener.host,
    port: String(listener.port),
    tls: listenerTlsValues(listener.tls),
    redirectToHttps: { on: redirect !== undefined, port: String(redirect?.port ?? httpsPort) },
    trustedProxies: listener.trustedProxies.join('\n'),
    forwarded: listener.forwarded,
    via: listener.via,
    timeouts: textsOf(listener.timeouts),
    limits: textsOf(listener.limits),
  };
}

/** `original`: what is being edited; none for a new one. */
export function listenerFormSchema(original?: ListenerSettings) {
  return formSchema((values: ListenerValues) => listenerInput(values, original), ListenerSettings, original);
}

/** What does not fit together within the listener. */
export function listenerMisfits(values: ListenerValues): FieldError[] {
  const input = listenerInput(values, undefined);
  return placeIssues(issuesBetween({ listeners: [input] }), 'listener', values).fields;
}

function listenerInput(values: ListenerValues, original: ListenerSettings | undefined): unknown {
  const https = values.protocol === 'https';
  const { on, port } = values.redirectToHttps;
  // Not shown for http, so nothing typed there may stand in the way of saving.
  const { tlsHandshakeMs, ...timeouts } = numbersFrom(values.timeouts);
  return {
    name: values.name.trim(),
    protocol: values.protocol,
    host: textFrom(values.host),
    port: numberFrom(values.port),
    tls: https ? listenerTlsInput(values.tls, original?.tls) : undefined,
    redirectToHttps: !https && on ? { port: numberFrom(port) } : undefined,
    trustedProxies: wordsFrom(values.trustedProxies),
    forwarded: values.forwarded,
    via: values.via,
    timeouts: https ? { ...timeouts, tlsHandshakeMs } : timeouts,
    limits: numbersFrom(values.limits),
  };
}

const COMMON_PORTS: Readonly<Record<ListenerConfig['protocol'], readonly number[]>> = {
  http: [8080, 8081, 8082, 8088, 8090, 9000, 9090],
  https: [8443, 9443, 4443],
};

/** A port no other listener of this Config asks for; whether the machine has it free shows on binding. */
export function freePort(taken: Iterable<number>, protocol: ListenerConfig['protocol'] = 'http'): number {
  const ports = new Set(taken);
  const common = COMMON_PORTS[protocol].find((port) => !ports.has(port));
  if (common !== undefined) return common;
  let port = protocol === 'https' ? 8500 : 8100;
  while (ports.has(port)) port += 1;
  return port;
}
