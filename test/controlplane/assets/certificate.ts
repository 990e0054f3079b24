/**
 * Issues the few certificates of a cluster: X.509 version 3 (RFC 5280), written as DER here because Node can read
 * certificates but not make them. ECDSA keys on P-256 throughout.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface Subject {
  readonly commonName: string;
  readonly organization?: string;
}

export type Purpose = 'authority' | 'server' | 'client';

/** A certificate with its key, both in PEM; `subject` is kept for what it signs. */
export interface Certificate {
  readonly subject: Subject;
  readonly certificate: string;
  readonly key: string;
}

const YEARS_VALID = 10;
const OID = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  organization: '55040a',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAltName: '551d11',
  serverAuth: '2b06010505070301',
  clientAuth: '2b06010505070302',
};
const LOOPBACK = Buffer.from([127, 0, 0, 1]);

/** Issues a certificate; without an issuer it signs itself. A server's is for 127.0.0.1 and localhost. */
export function issueCertificate(subject: Subject, purpose: Purpose, issuer?: Certificate): Certificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = issuer?.key ?? privateKey;
  const body = certificateBody({ subject, purpose, issuer: issuer?.subject ?? subject, key: privateKey });
  const signature = sign('sha256', body, signer);
  const der = sequence(body, sequence(oid(OID.ecdsaWithSha256)), bitString(signature));
  return {
    subject,
    certificate: pem(der),
    key: String(privateKey.export({ type: 'sec1', format: 'pem' })),
  };
}

interface Body {
  readonly subject: Subject;
  readonly purpose: Purpose;
  readonly issuer: Subject;
  readonly key: KeyObject;
}

function certificateBody({ subject, purpose, issuer, key }: Body): Buffer {
  const now = new Date();
  const until = new Date(now);
  until.setUTCFullYear(now.getUTCFullYear() + YEARS_VALID);
  const serial = randomBytes(16);
  serial.writeUInt8((serial.readUInt8() & 0x7f) | 0x40);
  return sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    sequence(oid(OID.ecdsaWithSha256)),
    distinguishedName(issuer),
    sequence(time(new Date(now.getTime() - 3_600_000)), time(until)),
    distinguishedName(subject),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(purpose))),
  );
}

function extensions(purpose: Purpose): Buffer[] {
  switch (purpose) {
    case 'authority':
      // cA, and the key usages digitalSignature and keyCertSign
      return [
        extension(OID.basicConstraints, sequence(tagged(0x01, Buffer.from([0xff])))),
        extension(OID.keyUsage, Buffer.from('03020284', 'hex')),
      ];
    case 'server': {
      const names = sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, LOOPBACK));
      return [extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))), extension(OID.subjectAltName, names)];
    }
    case 'client':
      return [extension(OID.extendedKeyUsage, sequence(oid(OID.clientAuth)))];
  }
}

function extension(id: string, value: Buffer): Buffer {
  const critical = tagged(0x01, Buffer.from([0xff]));
  return sequence(oid(id), critical, tagged(0x04, value));
}

function distinguishedName({ commonName, organization }: Subject): Buffer {
  const part = (id: string, text: string) => tagged(0x31, sequence(oid(id), tagged(0x0c, Buffer.from(text))));
  const organizations = organization === undefined ? [] : [part(OID.organization, organization)];
  return sequence(...organizations, part(OID.commonName, commonName));
}

/** UTCTime, as RFC 5280 wants it for every year before 2050. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(size: number): Buffer {
  if (size < 0x80) {
    return Buffer.from([size]);
  }
  return size < 0x100 ? Buffer.from([0x81, size]) : Buffer.from([0x82, size >> 8, size & 0xff]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function bitString(bytes: Buffer): Buffer {
  return tagged(0x03, Buffer.from([0]), bytes);
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
