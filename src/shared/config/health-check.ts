// How a pool finds out whether a backend can serve. Each pool has one check; every backend of the
// pool is probed with it. Defaults follow HAProxy's fall 3 / rise 2.
import { z } from 'zod';
import { durationMs } from './primitives.ts';

const schedule = {
  intervalMs: durationMs(100).default(5000).meta({
    description:
      'Time between the starts of two probes of a backend, ms; each is moved by up to ±10 % at random.',
  }),
  timeoutMs: durationMs(10, 60_000).default(2000).meta({
    description: 'A probe without a verdict after this long has failed, ms. At most the interval.',
  }),
  rise: z.int().min(1, 'must be 1 to 100').max(100, 'must be 1 to 100').default(2).meta({
    description: 'Successful probes in a row that bring a down backend back up.',
  }),
  fall: z.int().min(1, 'must be 1 to 100').max(100, 'must be 1 to 100').default(3).meta({
    description: 'Failed probes in a row that take an up backend down.',
  }),
};

/** One status (`200`) or a range (`200-399`). */
const StatusRange = z
  .string()
  .regex(/^[1-5][0-9]{2}(-[1-5][0-9]{2})?$/, 'use a status such as 200 or a range such as 200-399');

export const HttpHealthCheck = z.strictObject({
  type: z
    .literal('http')
    .meta({ description: 'A request whose answer meets the expectations is a success.' }),
  method: z
    .enum(['GET', 'HEAD', 'OPTIONS', 'POST'])
    .default('GET')
    .meta({ description: 'Request method of the probe.' }),
  path: z
    .string()
    .regex(/^\/[\x21-\x7e]*$/, 'must start with "/" and hold no spaces')
    .max(2048)
    .default('/')
    .meta({ description: 'Request path and query of the probe.' }),
  host: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be a host name, optionally with a port')
    .optional()
    .meta({ description: 'Host header of the probe. Default: the backend’s address.' }),
  expectStatus: z.array(StatusRange).min(1, 'name at least one status').default(['200-399']).meta({
    description: 'Statuses that count as success. Redirects are not followed.',
  }),
  expectBody: z.string().min(1).max(1024).optional().meta({
    description: 'Text the response body must contain within its first 64 KB.',
  }),
  expectJson: z
    .strictObject({
      path: z
        .string()
        .regex(
          /^[^.\s]+(\.[^.\s]+)*$/,
          'use field names joined by ".", for example status or checks.db.status',
        )
        .max(256)
        .meta({
          description:
            'Names of nested fields joined by ".", for example checks.db.status; a number is a position in a list, from 0.',
        }),
      equals: z
        .union([z.string(), z.number(), z.boolean(), z.null()])
        .meta({ description: 'Value the field must have, of the same type: "1" is not 1.' }),
    })
    .optional()
    .meta({
      description:
        'A field of the JSON body and the value it must have: { "path": "status", "equals": "ok" }.',
    }),
  ...schedule,
});
export type HttpHealthCheck = z.infer<typeof HttpHealthCheck>;

export const TcpHealthCheck = z.strictObject({
  type: z.literal('tcp').meta({ description: 'A connection that opens is a success; nothing is sent.' }),
  ...schedule,
});
export type TcpHealthCheck = z.infer<typeof TcpHealthCheck>;

export const HealthCheckConfig = z.discriminatedUnion('type', [HttpHealthCheck, TcpHealthCheck]);
export type HealthCheckConfig = z.infer<typeof HealthCheckConfig>;
