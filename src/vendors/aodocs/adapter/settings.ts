import { z } from 'zod';
import { type CredentialSource, isHeaderSafe } from '../../vendor.ts';
import type { Credential } from './calls.ts';
import { isPathSegment } from './job-id.ts';

/** Who asks, by a security code or a token, and which libraries' jobs are listed. */
export interface AodocsSettings {
  /** Of a user or of a domain's administrator; made in AODocs, with a date of expiry. */
  securityCode?: string | undefined;
  /** A Google access or ID token with the scope userinfo.email. Lasts about an hour: meant for tries. */
  token?: string | undefined;
  domain?: string | undefined;
  libraries: readonly [string, ...string[]];
}

/** AODocs' own keys of a system in jobyard.yaml. */
export function createSettingsSchema(secret: z.ZodType<string>, credentials: CredentialSource = 'configured'): z.ZodType<AodocsSettings> {
  const headerSafe = z.string().refine(isHeaderSafe, 'Visible ASCII characters only');
  const isNoLibraryId = 'Expected the id of a library, without spaces';
  const libraryId = z.string(isNoLibraryId).refine(isPathSegment, isNoLibraryId);
  return z
    .strictObject({
      securityCode: secret.pipe(headerSafe).optional(),
      token: secret.pipe(headerSafe).optional(),
      domain: z.string().min(1).optional(),
      libraries: z.tuple([libraryId], libraryId, 'A list of library ids, at least one'),
    })
    .superRefine(({ securityCode, token, libraries }, context) => {
      const reject = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
      if (credentials === 'passthrough') {
        if (securityCode !== undefined) reject(['securityCode'], 'Not with credentials: passthrough');
        if (token !== undefined) reject(['token'], 'Not with credentials: passthrough');
      } else if (securityCode === undefined && token === undefined) reject(['securityCode'], 'Missing: either securityCode or token');
      if (securityCode !== undefined && token !== undefined) reject(['token'], 'Either securityCode or token, not both');
      libraries.forEach((libraryId, index) => {
        // Twice in the list, its jobs would be listed twice.
        if (libraries.indexOf(libraryId) < index) reject(['libraries', index], `"${libraryId}" is there already`);
      });
    });
}

/** Null where each caller sends its own. */
export function toCredential({ securityCode, token }: AodocsSettings): Credential | null {
  if (securityCode !== undefined) return { scheme: 'securityCode', secret: securityCode };
  return token === undefined ? null : { scheme: 'Bearer', secret: token };
}
