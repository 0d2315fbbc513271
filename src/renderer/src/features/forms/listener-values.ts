// What the listener form holds, and its way from and to ListenerConfig. Routes are edited on their
// own; a new listener may be given its first one by naming a pool. Pure.
import { ListenerConfig } from '#shared/config/listener.ts';
import { formSchema, numberFrom, textFrom } from './form-schema.ts';

export type ListenerSettings = Omit<ListenerConfig, 'routes'>;
export const ListenerSettings = ListenerConfig.omit({ routes: true });

export interface ListenerValues {
  name: string;
  host: string;
  port: string;
  timeouts: Record<keyof ListenerConfig['timeouts'], string>;
  limits: Record<keyof ListenerConfig['limits'], string>;
}

export function newListenerValues(name: string, port: number): ListenerValues {
  return listenerValues(ListenerSettings.parse({ name, port }));
}

export function listenerValues(listener: ListenerSettings): ListenerValues {
  return {
    name: listener.name,
    host: listener.host,
    port: String(listener.port),
    timeouts: {
      requestHeaderMs: String(listener.timeouts.requestHeaderMs),
      keepAliveMs: String(listener.timeouts.keepAliveMs),
      idleMs: String(listener.timeouts.idleMs),
    },
    limits: {
      headerBytes: String(listener.limits.headerBytes),
      headerLines: String(listener.limits.headerLines),
      urlBytes: String(listener.limits.urlBytes),
    },
  };
}

/** `original`: what is being edited; none for a new one. */
export function listenerFormSchema(original?: ListenerSettings) {
  return formSchema(
    (values: ListenerValues) => ({
      name: values.name.trim(),
      host: textFrom(values.host),
      port: numberFrom(values.port),
      timeouts: {
        requestHeaderMs: numberFrom(values.timeouts.requestHeaderMs),
        keepAliveMs: numberFrom(values.timeouts.keepAliveMs),
        idleMs: numberFrom(values.timeouts.idleMs),
      },
      limits: {
        headerBytes: numberFrom(values.limits.headerBytes),
        headerLines: numberFrom(values.limits.headerLines),
        urlBytes: numberFrom(values.limits.urlBytes),
      },
    }),
    ListenerSettings,
    original,
  );
}

const COMMON_PORTS = [8080, 8081, 8082, 8088, 8090, 9000, 9090];

/** A port no other listener of this Config asks for; whether the machine has it free shows on binding. */
export function freePort(taken: Iterable<number>): number {
  const ports = new Set(taken);
  const common = COMMON_PORTS.find((port) => !ports.has(port));
  if (common !== undefined) return common;
  let port = 8100;
  while (ports.has(port)) port += 1;
  return port;
}
