// Encryption on both sides: what a listener shows to clients, what a pool expects of its backends.
// Files are read by the core, never by the engine; a file that cannot be read is an issue of its field.
import { z } from 'zod';
import { Name } from './primitives.ts';

const FilePath = z.string().min(1, 'name a file').max(4096);

const HOST = /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/** A host name a certificate is shown for: exact, or "*." for exactly one more label. */
export const CertificateHost = z
  .string()
  .regex(HOST, 'use a host name, optionally starting with "*."')
  .max(253);

/** A wildcard among them is refused by server-name.ts. */
const ServerName = z.string().regex(HOST, 'use a host name, for example api.example.test').max(253);

export const CertificateFromFiles = z.strictObject({
  name: Name,
  source: z
    .literal('files')
    .meta({ description: 'PEM files; watched, a renewed certificate is used at once.' }),
  certFile: FilePath.meta({ description: 'PEM file with the certificate followed by its intermediates.' }),
  keyFile: FilePath.meta({ description: 'PEM file with the private key.' }),
  hosts: z.array(CertificateHost).max(100).optional().meta({
    description: 'Server names it is shown for. Default: the names in the certificate.',
  }),
});
export type CertificateFromFiles = z.infer<typeof CertificateFromFiles>;

export const CertificateFromLocalCa = z.strictObject({
  name: Name,
  source: z.literal('local-ca').meta({
    description: 'Made and renewed by Sluice’s own local authority, kept in the data folder.',
  }),
  hosts: z
    .array(CertificateHost)
    .min(1, 'name at least one host')
    .max(100)
    .default(['localhost', '*.localhost'])
    .meta({
      description:
        'Server names the certificate is made for. Hosts of the routes that end in .localhost are added by themselves: ' +
        'not every client accepts a wildcard right below localhost.',
    }),
});
export type CertificateFromLocalCa = z.infer<typeof CertificateFromLocalCa>;

export const CertificateConfig = z.discriminatedUnion('source', [
  CertificateFromFiles,
  CertificateFromLocalCa,
]);
export type CertificateConfig = z.infer<typeof CertificateConfig>;

export const ListenerTls = z.strictObject({
  certificates: z
    .array(CertificateConfig)
    .min(1, 'name at least one certificate')
    .max(200)
    .default([{ name: 'local', source: 'local-ca', hosts: ['localhost', '*.localhost'] }])
    .meta({
      description: 'Chosen by the server name the client asks for: exact, then wildcard, then the first one.',
    }),
  unknownName: z.enum(['first', 'reject']).default('first').meta({
    description:
      'For a server name no certificate is for, or none at all. first: the first certificate. reject: end the handshake, and answer 421 to a request for a host no certificate is for.',
  }),
  minVersion: z
    .enum(['TLSv1.2', 'TLSv1.3'])
    .default('TLSv1.2')
    .meta({ description: 'Oldest TLS version accepted.' }),
  http2: z.boolean().default(true).meta({ description: 'Offer HTTP/2 beside HTTP/1.1 (ALPN).' }),
  clientCertificates: z
    .strictObject({
      caFile: FilePath.meta({
        description: 'PEM file with the authorities client certificates must come from.',
      }),
      required: z.boolean().default(true).meta({ description: 'Whether a client without one is refused.' }),
    })
    .optional()
    .meta({ description: 'Ask clients for a certificate.' }),
});
export type ListenerTls = z.infer<typeof ListenerTls>;

export const PoolTls = z.strictObject({
  verify: z.boolean().default(true).meta({
    description:
      'Whether a backend’s certificate must be valid for its name. false accepts any: for tests only.',
  }),
  serverName: ServerName.optional().meta({
    description: 'Name asked for and verified. Default: the host of the backend’s address.',
  }),
  caFile: FilePath.optional().meta({
    description: 'PEM file with the authorities to trust instead of the system’s.',
  }),
});
export type PoolTls = z.infer<typeof PoolTls>;
