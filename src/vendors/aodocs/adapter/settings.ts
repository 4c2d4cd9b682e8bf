import { z } from 'zod';
import { type CredentialSource, isHeaderSafe } from '../../vendor.ts';
import type { Credential } from './calls.ts';
import { isPathSegment } from './job-id.ts';

/** The credential, and the libraries whose jobs Jobyard lists. */
export interface AodocsSettings {
  /** The code of a user or of a domain administrator. Created in AODocs, with an expiration date. */
  securityCode?: string | undefined;
  /** A Google access or ID token with the scope userinfo.email. Valid for about an hour, so for trials only. */
  token?: string | undefined;
  domain?: string | undefined;
  libraries: readonly [string, ...string[]];
}

/** AODocs' own keys of a system in jobyard.yaml. */
export function createSettingsSchema(secret: z.ZodType<string>, credentials: CredentialSource = 'configured'): z.ZodType<AodocsSettings> {
  const headerSafe = z.string().refine(isHeaderSafe, 'expected visible ASCII characters only');
  const libraryIdExpected = 'expected the ID of a library, without spaces';
  const libraryId = z.string(libraryIdExpected).refine(isPathSegment, libraryIdExpected);
  return z
    .strictObject({
      securityCode: secret.pipe(headerSafe).optional(),
      token: secret.pipe(headerSafe).optional(),
      domain: z.string().min(1).optional(),
      libraries: z.tuple([libraryId], libraryId, 'expected a list of library IDs, at least one'),
    })
    .superRefine(({ securityCode, token, libraries }, context) => {
      const reject = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
      if (credentials === 'passthrough') {
        if (securityCode !== undefined) reject(['securityCode'], 'expected no such key with credentials: passthrough');
        if (token !== undefined) reject(['token'], 'expected no such key with credentials: passthrough');
      } else if (securityCode === undefined && token === undefined)
        reject(['securityCode'], 'missing: expected either securityCode or token');
      if (securityCode !== undefined && token !== undefined) reject(['token'], 'expected either securityCode or token, not both');
      libraries.forEach((libraryId, index) => {
        // A repeated library would list its jobs twice.
        if (libraries.indexOf(libraryId) < index) reject(['libraries', index], `expected each library once, got "${libraryId}" again`);
      });
    });
}

/** Null if each caller sends its own. */
export function toCredential({ securityCode, token }: AodocsSettings): Credential | null {
  if (securityCode !== undefined) return { scheme: 'securityCode', secret: securityCode };
  return token === undefined ? null : { scheme: 'Bearer', secret: token };
}
