import type { Clock } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { type Rejection, reject } from './errors.ts';
import type { Person } from './person.ts';

/** The security codes and tokens of people, and how long each is valid. */
export interface Credentials {
  /** The security code is rejected from this time of the sandbox's clock on. Default: now. */
  expireSecurityCode(securityCode: string, atMs?: number): void;
  /** A bearer token of a person (default: the first one), valid for an hour or for a number of requests. */
  issueToken(token?: { email?: string; lifetimeMs?: number; requests?: number }): string;
  personByCode(securityCode: string): Person | Rejection;
  /** Counts as one request with this token. */
  personByToken(token: string): Person | Rejection;
}

const hourMs = 3_600_000;
const tokenAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function createCredentials(people: readonly Person[], clock: Clock, random: Random): Credentials {
  const codeExpiries = new Map<string, number>();
  const tokens = new Map<string, { person: Person; expiresAtMs: number; requestsLeft: number }>();
  return {
    expireSecurityCode: (securityCode, atMs = clock.now()) => void codeExpiries.set(securityCode, atMs),
    issueToken({ email, lifetimeMs = hourMs, requests = Number.POSITIVE_INFINITY } = {}) {
      const person = people.find((candidate) => email === undefined || candidate.email === email);
      if (!person) throw new RangeError(`No person has the email address ${email}`);
      const token = `ya29.${random.text(48, tokenAlphabet)}`;
      tokens.set(token, { person, expiresAtMs: clock.now() + lifetimeMs, requestsLeft: requests });
      return token;
    },
    personByCode(code) {
      const person = people.find((candidate) => candidate.securityCode === code);
      const expiresAtMs = codeExpiries.get(code) ?? Number.POSITIVE_INFINITY;
      return person && clock.now() < expiresAtMs ? person : reject(403, 'Invalid security code');
    },
    personByToken(text) {
      const token = tokens.get(text);
      if (!token || clock.now() >= token.expiresAtMs || token.requestsLeft <= 0) {
        return reject(401, 'You must use oauth 2 to authenticate');
      }
      token.requestsLeft -= 1;
      return token.person;
    },
  };
}
