import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { toCommandLine } from '../package.js';
import { certificatesSchema } from './certificates.ts';
import { type Grant, parseGrant, scopes } from './grants.ts';

/** The API keys and the identity provider whose tokens callers authenticate with. Null: access control is off, and every local user has full access. */
export type AccessSettings = { apiKeys: readonly ApiKeyEntry[]; jwt: JwtSettings | null } | null;

/** An API key as configured: only its hash is stored. */
export interface ApiKeyEntry {
  name: string;
  /** SHA-256 of the key in lowercase hexadecimal. */
  sha256: string;
  grants: readonly Grant[];
}

/** How tokens of an identity provider are checked. */
export interface JwtSettings {
  jwksUri: string;
  issuer: string;
  audience: string;
  /** The claim with the scopes: text separated by spaces, or a list. */
  scopesClaim: string;
  /** The largest allowed difference between the clocks of the two machines. */
  clockToleranceSeconds: number;
  /** Certificates in PEM that may sign the identity provider's certificate. Null: those that the machine trusts. */
  certificateAuthorities: string | null;
}

/** The allowed names of API keys. */
export const keyNamePattern = /^[\w.-]{1,64}$/;

const known = `${scopes.join(', ')}, each alone or as SCOPE@SYSTEM`;

const apiKey = z
  .strictObject({
    name: z.string('expected a name').regex(keyNamePattern, 'expected a name of letters, digits and . _ -'),
    sha256: z.string('expected the SHA-256 of the key').refine((text) => /^[0-9a-f]{64}$/i.test(text), {
      // The value may be the key itself, so the message doesn't show it.
      error: `expected 64 hexadecimal digits (${toCommandLine('apikey', 'NAME')} prints them), got something else`,
      params: { includesValue: true },
    }),
    scopes: z
      .array(z.string().refine((text) => parseGrant(text, null) !== null, `expected one of ${known}`))
      .min(1, 'expected at least one scope'),
    systems: z.array(z.string()).min(1, 'expected at least one system (omit the key for all systems)').optional(),
  })
  .refine(
    ({ scopes: texts, systems }) =>
      !systems || texts.every((text) => !text.includes('@') || systems.includes(text.slice(text.indexOf('@') + 1))),
    { path: ['scopes'], error: 'expected SCOPE@SYSTEM only for systems of this key' },
  )
  .transform(({ name, sha256, scopes: texts, systems }) => ({
    name,
    sha256: sha256.toLowerCase(),
    grants: texts.flatMap((text) => parseGrant(text, systems ?? null) ?? []),
  }));

const jwt = z.strictObject({
  jwksUri: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL', abort: true })
    .refine((url) => !hasCredentials(new URL(url)), {
      error: 'expected a URL without user name and password',
      params: { includesValue: true },
    }),
  issuer: z.string('expected the issuer of the tokens').min(1),
  audience: z.string('expected the audience of the tokens').min(1),
  scopesClaim: z.string().min(1).default('scope'),
  clockToleranceSeconds: z.number().min(0).max(300, 'expected at most 300').default(30),
  caFile: certificatesSchema.optional(),
});

/** Jobyard wouldn't send them. */
function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

/** The key `access`: who may call Jobyard. */
export const accessSchema: z.ZodType<AccessSettings> = z
  .strictObject({ apiKeys: z.array(apiKey).default([]), jwt: jwt.optional() })
  .refine(({ apiKeys, jwt: token }) => apiKeys.length > 0 || token !== undefined, 'expected apiKeys, jwt or both')
  .refine(({ apiKeys }) => new Set(apiKeys.map(({ name }) => name)).size === apiKeys.length, 'expected a unique name for each API key')
  .refine(({ apiKeys }) => new Set(apiKeys.map(({ sha256 }) => sha256)).size === apiKeys.length, 'expected a unique hash for each API key')
  .transform(({ apiKeys, jwt: token }) => ({ apiKeys, jwt: token ? toJwtSettings(token) : null }));

function toJwtSettings({ caFile, ...settings }: z.output<typeof jwt>): JwtSettings {
  return { ...settings, certificateAuthorities: caFile ?? null };
}

/** The valid keys, for suggestions. */
export const accessKeys = ['apiKeys', 'jwt', 'name', 'sha256', 'scopes', 'systems', ...Object.keys(jwt.shape)];

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach a server that listens on the host: an address (IPv6 with or without brackets), or `localhost`. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const address = /^\[(.+)\]$/.exec(host)?.[1] ?? host;
  const family = isIP(address);
  // Includes IPv4-mapped IPv6 addresses. A zone, as in `::1%lo`, isn't part of the address.
  return family !== 0 && loopback.check(address.replace(/%.*$/, ''), family === 4 ? 'ipv4' : 'ipv6');
}
