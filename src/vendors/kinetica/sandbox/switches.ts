/** What Kinetica's manual offers as a choice or leaves open. All but the ones marked "at the start" can be turned at any time. */
export interface KineticaSwitches {
  /** New jobs arrive by themselves, and old ended ones are dropped. */
  arrivals: boolean;
  /** How many ended jobs are kept when a new one arrives. The manual does not say how long completed async jobs stay. */
  endedJobsKept: number;

  /** Server version: older ones lack fields, and 6.2 has 32-bit ids. */
  version: '6.2' | '7.0' | '7.1' | '7.2';
  /** Where ids begin (at the start): about 970,000, or 9007199254740993, which no JavaScript number holds. 6.2 always has small ones. */
  idBase: 'small' | 'huge';
  /** Path in front of every endpoint (at the start): `/gpudb-0` behind Kinetica's own HTTPD. */
  pathPrefix: string;
  /**
   * Part of a high-availability pair (at the start). A primary and a backup with the same seed share the tags of their async jobs,
   * while the same numeric id always names another job.
   */
  cluster: 'single' | 'primary' | 'backup';
  /** Draining: only /show/system/status answers. Stopped: that too, and it says so. Shutting down: every endpoint rejects. */
  system: 'running' | 'draining' | 'drained' | 'stopped' | 'shutting-down';

  /** Clusters without authentication take any caller for an administrator. */
  authentication: 'required' | 'off';
  /** Who answers wrong credentials: the database with its wrapper, or the proxy with a page. */
  unauthorizedBody: 'json' | 'html';
  /** What users without system_admin may do with jobs: nothing, or see and cancel their own. Not documented. */
  plainUsers: 'denied' | 'own-jobs';

  /** HTTP status of ordinary failures. Clients also handle ERROR in a 200. */
  errorStatus: 400 | 200;
  /** Damage to answers that would be OK: data_str no JSON, "" or an object; some list columns, or only `status`, one element short. */
  damage: 'none' | 'data-not-json' | 'data-empty' | 'data-object' | 'unequal-columns' | 'short-status';
  /** The endpoint whose answers are damaged, such as `/admin/alter/jobs`. '' is all of them. */
  damagedEndpoint: string;

  /** Words of the list's `status`, for which no vocabulary is published: /get/job's, those of a vendor's mock, or lower case. */
  statusWords: 'get-job' | 'complete' | 'lower-case';
  /** The list's word for a job whose cancellation was requested while it still runs. */
  stoppingWord: 'CANCELLED' | 'CANCELLING' | 'RUNNING';
  /** Order of the list, which is not specified. */
  listOrder: 'received' | 'scrambled';
  /** The listing request appears in its own answer, as any request in flight. */
  listsItself: boolean;
  /** The list's one `info.job_tag` for all its jobs: none, that of the first async job, or all joined by commas. */
  listTag: 'absent' | 'first' | 'joined';

  /**
   * Per-job answers of a cancel, for which no vocabulary is published. `terse`: OK, Job N not found, Job N cannot be cancelled.
   * `enum`: cancelled, not_found, not_cancellable. `omit`: unknown ids are left out. `reject`: one unknown id rejects the whole
   * request. `reorder`: ids come back in reverse. The last three use terse texts. `prose`: sentences that sound like something else.
   */
  cancelAnswers: 'terse' | 'enum' | 'omit' | 'reject' | 'reorder' | 'prose';
  /** Words for people in the `info` of a cancel's answer, as `note`. '' is none. */
  cancelNote: string;
  /** Cancelling a cancelled job once more. */
  repeatedCancel: 'accepted' | 'rejected';
  /** A cancel of no jobs at all: processed, or rejected. */
  emptyCancel: 'accepted' | 'rejected';
  /** How long a running job still runs after its cancel was accepted. 0 to 2,000 is realistic. */
  stopMs: number;
  /** A `job_tag` beside an id: it alone names the job, on whatever cluster, or the job must bear both. */
  jobTag: 'decides' | 'must-match';
  /** /get/job on a job that /create/job did not create: rejected, or answered. */
  syncJobRead: 'rejected' | 'answered';
}

export const defaultSwitches: Readonly<KineticaSwitches> = {
  arrivals: true,
  endedJobsKept: 1000,
  version: '7.2',
  idBase: 'small',
  pathPrefix: '',
  cluster: 'single',
  system: 'running',
  authentication: 'required',
  unauthorizedBody: 'json',
  plainUsers: 'denied',
  errorStatus: 400,
  damage: 'none',
  damagedEndpoint: '',
  statusWords: 'get-job',
  stoppingWord: 'CANCELLED',
  listOrder: 'received',
  listsItself: true,
  listTag: 'absent',
  cancelAnswers: 'terse',
  cancelNote: '',
  repeatedCancel: 'accepted',
  emptyCancel: 'accepted',
  stopMs: 1500,
  jobTag: 'decides',
  syncJobRead: 'rejected',
};
