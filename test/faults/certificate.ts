import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate that its own key signed, for `localhost`, and that key; both PEM. No client trusts it by default. */
export function createSelfSignedCertificate(): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectId('2a8648ce3d040302')); // ecdsa-with-SHA256
  const name = sequence(field(0x31, sequence(objectId('550403'), field(0x0c, Buffer.from('localhost')))));
  const validity = sequence(field(0x17, Buffer.from('200101000000Z')), field(0x17, Buffer.from('491231235959Z')));
  const serial = field(0x02, Buffer.from([1]));
  const body = sequence(serial, algorithm, name, validity, name, publicKey.export({ type: 'spki', format: 'der' }));
  const signature = field(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]));
  const lines =
    sequence(body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** One DER field: tag, length, contents. */
function field(tag: number, contents: Buffer): Buffer {
  const { length } = contents;
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), contents]);
}

function sequence(...fields: Buffer[]): Buffer {
  return field(0x30, Buffer.concat(fields));
}

function objectId(hex: string): Buffer {
  return field(0x06, Buffer.from(hex, 'hex'));
}
