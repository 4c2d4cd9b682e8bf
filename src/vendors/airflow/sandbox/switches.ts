/** What Airflow's releases and settings decide, and what its documents leave open. The first value named is the default. */
export interface AirflowSwitches {
  /** Whether new runs arrive by themselves. */
  arrivals: boolean;
  /** The release: which parameters, fields, and requests exist. */
  version: '3.3' | '3.2.2' | '3.2.1' | '3.1' | '3.0';
  /** `[api] maximum_page_limit`, to which 3.2 and later silently reduce `limit`. */
  maximumPageLimit: number;
  /** The page's order: as requested, or that of the previous request, as concurrent requests to older releases may get it. */
  sortRace: boolean;
  /** Missing times in an order: as PostgreSQL does (last ascending, first descending), the reverse, as SQLite and MySQL do, or always last (up to 3.1). */
  missingTimes: 'postgres' | 'sqlite' | 'last';
  /** The auth manager: what a rejected login says. */
  authManager: 'simple' | 'fab';
  /** Whether everybody is an administrator, and GET /auth/token returns a token. */
  allAdmins: boolean;
  /** `[api_auth] jwt_expiration_time`, in seconds. */
  tokenSeconds: number;
  /**
   * Logs: readable; of a worker that can't be reached, which is a 200 with a complaint; of tries that Airflow has deleted; or of tasks that write
   * faster than they are read.
   */
  logs: 'available' | 'unreachable' | 'gone' | 'endless';
  /** How many rows the code of a task writes into each log. */
  logRows: number;
  /** Rows of a log in one response; the rest follows behind a token. */
  logPageRows: number;
}

export const defaultSwitches: AirflowSwitches = {
  arrivals: true,
  version: '3.3',
  maximumPageLimit: 100,
  sortRace: false,
  missingTimes: 'postgres',
  authManager: 'simple',
  allAdmins: false,
  tokenSeconds: 86_400,
  logs: 'available',
  logRows: 3,
  logPageRows: 1_000,
};

const releases = ['3.0', '3.1', '3.2.1', '3.2.2', '3.3'] as const;

/** Whether the simulated release is this one or a later one. */
export function isAtLeast({ version }: Pick<AirflowSwitches, 'version'>, release: AirflowSwitches['version']): boolean {
  return releases.indexOf(version) >= releases.indexOf(release);
}
