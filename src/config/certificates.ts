import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { readTextFile } from './text-file.ts';

/** The schema of a file with PEM certificates of authorities, replaced by their text. */
export const certificatesSchema = z.string('expected a path').transform((file, context): string => {
  const fail = (message: string) => {
    context.addIssue({
      code: 'custom',
      message: `expected the file ${file} to contain PEM certificates, it ${message}`,
      params: { includesValue: true },
    });
    return z.NEVER;
  };
  const contents = readTextFile(file);
  if ('obstacle' in contents) return fail(contents.obstacle);
  const certificates = contents.text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs);
  if (!certificates) return fail('contains none');
  if (!certificates.every(isCertificate)) return fail('contains a damaged certificate');
  return certificates.join('\n');
});

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
