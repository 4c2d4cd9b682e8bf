export type Role = 'ADMIN' | 'WRITER' | 'READER';

export interface Person {
  email: string;
  /** An administrator of every library. */
  domainAdministrator: boolean;
  /** By library ID. */
  roles: Readonly<Record<string, Role>>;
  securityCode: string;
}
