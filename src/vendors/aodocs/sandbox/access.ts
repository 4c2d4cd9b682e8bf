import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { type Credentials, createCredentials } from './credentials.ts';
import { isRejection, type Rejection, reject } from './errors.ts';
import type { Job } from './job.ts';
import type { Person } from './person.ts';
import type { AodocsSwitches } from './switches.ts';

export interface Access extends Pick<Credentials, 'expireSecurityCode' | 'issueToken'> {
  readonly domain: string;
  /** The IDs of all libraries. */
  readonly libraries: readonly string[];
  readonly people: readonly Person[];
  /** The settings list it too. */
  addLibrary(libraryId: string): void;
  /** Returns the new security code, which does not expire. */
  addPerson(person: { email: string; domainAdministrator?: boolean; roles?: Person['roles']; securityCode?: string }): string;

  /** The caller. 401 without a valid token, 403 with an invalid security code or a domain that is not the caller's. */
  authenticate(headers: IncomingHttpHeaders, query: URLSearchParams): Person | Rejection;
  /** Why this person may not list or act in a library, or null. */
  checkLibrary(person: Person, libraryId: string): Rejection | null;
  /** Why this person may not read a job, or null. */
  checkRead(person: Person, job: Job): Rejection | null;
  /** Why this person may not read a job's events, or null. */
  checkEvents(person: Person, job: Job): Rejection | null;
  /** Why this person may not cancel a job, or null. */
  checkCancel(person: Person, job: Job): Rejection | null;
}

const schemes = ['securityCode', 'Bearer', 'OAuth'];

export function createAccess(parts: { domain: string; clock: Clock; random: Random; switches: AodocsSwitches }): Access {
  const { domain, clock, random, switches } = parts;
  const libraries: string[] = [];
  const people: Person[] = [];
  const credentials = createCredentials(people, clock, random);
  const readLevel = () => (switches.readAccess === 'restricted' ? 'ADMIN' : 'READER');

  return {
    domain,
    libraries,
    people,
    addLibrary: (libraryId) => void libraries.push(libraryId),
    addPerson({ email, domainAdministrator = false, roles = {}, securityCode }) {
      const code = securityCode ?? random.text(32, '0123456789abcdef');
      people.push({ email, domainAdministrator, roles, securityCode: code });
      return code;
    },
    expireSecurityCode: credentials.expireSecurityCode,
    issueToken: credentials.issueToken,
    authenticate(headers, query) {
      const person = identify(credentials, headers, query, switches);
      const asked = query.get('domain');
      if (isRejection(person) || !asked || asked === domain || switches.foreignDomain === 'ignore') return person;
      return reject(403, `User '${person.email}' has no access to domain '${asked}'`);
    },
    checkLibrary: (person, libraryId) => checkLevel(person, libraryId, readLevel(), switches),
    checkRead: (person, job) => (person.email === job.requestor ? null : checkLevel(person, job.libraryId, readLevel(), switches)),
    checkEvents: (person, job) => checkLevel(person, job.libraryId, readLevel(), switches),
    checkCancel: (person, job) => checkLevel(person, job.libraryId, 'ADMIN', switches),
  };
}

function identify(
  { personByCode, personByToken }: Credentials,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  switches: AodocsSwitches,
): Person | Rejection {
  const [, word = '', secret = ''] = /^(\S+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
  const insensitive = switches.schemeCase === 'insensitive';
  const scheme = schemes.find((known) => known === word || (insensitive && known.toLowerCase() === word.toLowerCase()));
  if (scheme) return scheme === 'securityCode' ? personByCode(secret) : personByToken(secret);
  const code = query.get('securityCode');
  if (code) return personByCode(code);
  return personByToken(query.get('access_token') ?? query.get('bearer_token') ?? '');
}

function checkLevel(
  person: Person,
  libraryId: string | null,
  level: 'ADMIN' | 'READER',
  { deniedDocument }: AodocsSwitches,
): Rejection | null {
  if (person.domainAdministrator) return null;
  if (libraryId === null) return reject(403, "Access denied to domain jobs Required permission level: 'DOMAIN_ADMIN'");
  const role = person.roles[libraryId];
  if (role === 'ADMIN' || (role && level === 'READER')) return null;
  const document = deniedDocument === '' ? '' : ` for document '${deniedDocument}'`;
  return reject(403, `Access denied to library with id: '${libraryId}'${document} Required permission level: '${level}'`);
}
