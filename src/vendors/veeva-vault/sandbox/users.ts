/** A Vault user and their access. Tests can change any field. */
export interface VaultUser {
  readonly id: number;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  password: string;
  /** The Vaults they are members of, oldest first. */
  vaultIds: readonly number[];
  /** The Vault of the last login. */
  lastVaultId: number | undefined;
  /** The permission VaultActions_API_Access: without it the user can only log in. */
  apiAccess: boolean;
  /** The Admin: Jobs permissions. */
  jobsAccess: boolean;
  /** Has access while the Vault is in Configuration Mode. */
  admin: boolean;
  active: boolean;
  passwordExpired: boolean;
  wrongPasswords: number;
  lockedUntilMs: number;
  /** An API access token (26.x): used instead of a session, as `Bearer`. */
  accessToken: string | undefined;
  /** The token of the identity provider, for the OAuth session route. */
  identityToken: string | undefined;
}

/** The Vault of this sandbox, and another one of the same company. */
export const ownVault = { id: 4102, name: 'QualityDocs' };
export const otherVault = { id: 4103, name: 'PromoMats', dns: 'pm-northwind.veevavault.com' };

/** The user in Jobyard's configuration. */
export const integrationUserId = 20_417;

export type VaultUsers = ReturnType<typeof createUsers>;

/** One user for each outcome of a login or request. */
export function createUsers() {
  return {
    /** Has all permissions. */
    integration: user(integrationUserId, 'Jobyard', 'Integration', {
      username: 'svc.jobyard@northwind.com',
      password: 'Lab-Notebook-4102',
      vaultIds: [ownVault.id, otherVault.id],
      accessToken: 'veeva-vault-4102-7Qm2xVb9LrT0cYkZ5nHd8WsE',
      identityToken: 'eyJhbGciOiJSUzI1NiJ9.svc-jobyard.northwind',
    }),
    administrator: user(20_398, 'Ingrid', 'Solberg', { admin: true }),
    withoutApiAccess: user(20_455, 'Tomas', 'Okafor', { apiAccess: false }),
    withoutJobsAccess: user(20_460, 'Mei', 'Tanaka', { jobsAccess: false }),
    /** Every login opens a session in the other Vault. */
    ofOtherVault: user(20_471, 'Luca', 'Ferrari', { vaultIds: [otherVault.id] }),
    inactive: user(20_480, 'Priya', 'Raman', { active: false }),
    passwordExpired: user(20_484, 'Jonas', 'Weber', { passwordExpired: true }),
    lockedOut: user(20_488, 'Sofia', 'Almeida', { lockedUntilMs: Number.POSITIVE_INFINITY }),
  };
}

function user(id: number, firstName: string, lastName: string, fields: Partial<VaultUser>): VaultUser {
  return {
    id,
    firstName,
    lastName,
    username: `${firstName}.${lastName}@northwind.com`.toLowerCase(),
    password: `${lastName}-${id}`,
    vaultIds: [ownVault.id],
    lastVaultId: undefined,
    apiAccess: true,
    jobsAccess: true,
    admin: false,
    active: true,
    passwordExpired: false,
    wrongPasswords: 0,
    lockedUntilMs: 0,
    accessToken: undefined,
    identityToken: undefined,
    ...fields,
  };
}
