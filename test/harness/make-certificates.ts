import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** PEM files of one name, and their text. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Key and chain in one file, as Kafka's PEM key stores want it. */
  readonly keyStoreFile: string;
}

export interface Certificates {
  readonly ca: string;
  readonly caFile: string;
  /** For 127.0.0.1 and localhost. */
  readonly server: Certificate;
  /** For the common name `tripkey`. */
  readonly client: Certificate;
}

/**
 * Makes an authority and what it signs, by the openssl command, valid for a day.
 * @param folder an empty folder to make them in
 * @throws when there is no openssl on the PATH
 */
export function makeCertificates(folder: string): Certificates {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const path = (file: string) => `${folder}/${file}`;
  const text = (file: string) => readFileSync(path(file), 'utf8');
  const elliptic = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...elliptic,
    '-days',
    '1',
    '-subj',
    '/CN=test authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  const sign = (name: string, subject: string, extension: string): Certificate => {
    writeFileSync(path(`${name}.ext`), extension);
    openssl('req', ...elliptic, '-subj', `/CN=${subject}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...authority,
      '-days',
      '1',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    );
    writeFileSync(path(`${name}.store.pem`), text(`${name}.key`) + text(`${name}.pem`) + text('ca.pem'));
    return {
      certificate: text(`${name}.pem`),
      key: text(`${name}.key`),
      certificateFile: path(`${name}.pem`),
      keyFile: path(`${name}.key`),
      keyStoreFile: path(`${name}.store.pem`),
    };
  };
  return {
    ca: text('ca.pem'),
    caFile: path('ca.pem'),
    server: sign('server', '127.0.0.1', 'subjectAltName=IP:127.0.0.1,DNS:localhost\n'),
    client: sign('client', 'tripkey', 'extendedKeyUsage=clientAuth\n'),
  };
}
