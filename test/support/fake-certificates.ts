// The certificates of the fake core: one of the local authority for every host a listener names, good for
// two years; one from files that is about to expire, or whatever a test scripts. And the authority itself.
import type { AuthorityStatus, CertificateStatus, TrustState } from '#shared/certificates.ts';
import type { ListenerConfig } from '#shared/config/listener.ts';
import { type CertificateConfig, ListenerTls } from '#shared/config/tls.ts';
import type { FakeState } from './fake-core.ts';

const DAY_MS = 86_400_000;
const LEAF_DAYS = 824;
const FILE_DAYS = 12;
const CA_PATH = '/home/someone/.config/sluice/data/ca/authority.pem';
const FINGERPRINT = Array.from({ length: 32 }, (_, i) =>
  ((i * 37 + 11) % 256).toString(16).padStart(2, '0').toUpperCase(),
).join(':');

/** What a test says about the certificates; by "listener/certificate" what is wrong. */
export interface CertificateScript {
  trust: TrustState;
  problems: Map<string, Pick<CertificateStatus, 'problem' | 'daysLeft'>>;
}

export function certificateScript(): CertificateScript {
  return { trust: 'not-trusted', problems: new Map() };
}

export function fakeCertificates(state: FakeState): CertificateStatus[] {
  return state.config.listeners
    .filter(({ protocol }) => protocol === 'https')
    .flatMap((listener) =>
      (listener.tls ?? ListenerTls.parse({})).certificates.map((each) =>
        fakeCertificate(state, listener, each),
      ),
    );
}

function fakeCertificate(
  state: FakeState,
  listener: ListenerConfig,
  certificate: CertificateConfig,
): CertificateStatus {
  const local = certificate.source === 'local-ca';
  const usual = local
    ? { daysLeft: LEAF_DAYS, problem: '' }
    : {
        daysLeft: FILE_DAYS,
        problem: `expires on ${new Date(state.startedAt + FILE_DAYS * DAY_MS).toISOString().slice(0, 10)}; renew it`,
      };
  const { daysLeft, problem } =
    state.certificates.problems.get(`${listener.name}/${certificate.name}`) ?? usual;
  const readable = daysLeft !== null;
  return {
    listener: listener.name,
    name: certificate.name,
    source: certificate.source,
    hosts: certificate.hosts ?? ['store.example.test'],
    issuer: !readable ? '' : local ? 'Sluice local authority (desk)' : 'Example CA R3',
    fingerprint: readable ? FINGERPRINT : '',
    notAfter: readable ? state.now + (daysLeft + 0.5) * DAY_MS : null,
    daysLeft,
    problem,
  };
}

/** It exists once a listener needs it, as the real one. */
export function fakeAuthority(state: FakeState): AuthorityStatus {
  const exists = fakeCertificates(state).some(({ source }) => source === 'local-ca');
  if (!exists) {
    return {
      exists,
      path: CA_PATH,
      fingerprint: '',
      notAfter: null,
      trust: 'unknown',
      commands: [],
      pem: '',
    };
  }
  return {
    exists,
    path: CA_PATH,
    fingerprint: FINGERPRINT,
    notAfter: state.startedAt + 3650 * DAY_MS,
    trust: state.certificates.trust,
    commands: [
      {
        os: 'Debian, Ubuntu',
        command: `sudo cp '${CA_PATH}' /usr/local/share/ca-certificates/sluice-local-authority.crt && sudo update-ca-certificates`,
      },
      {
        os: 'macOS',
        command: `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain '${CA_PATH}'`,
      },
      { os: 'Windows', command: `certutil -user -addstore Root "${CA_PATH}"` },
    ],
    pem: '-----BEGIN CERTIFICATE-----\nbm90IGEgcmVhbCBvbmU=\n-----END CERTIFICATE-----\n',
  };
}
