/** What Kinetica's manual offers as a choice or leaves open. All but the ones marked "at the start" can be turned at any time. */
export interface KineticaSwitches {
  /** New jobs arrive by themselves, and old ended ones are dropped. */
  arrivals: boolean;
  /** How many ended jobs are kept when a new one arrives. The manual doesn't document how long ended asynchronous jobs remain. */
  endedJobsKept: number;

  /** Server version: older ones lack fields, and 6.2 has 32-bit IDs. */
  version: '6.2' | '7.0' | '7.1' | '7.2';
  /** The first ID (at the start): about 970,000, or 9007199254740993, which exceeds a JavaScript number. 6.2 always has small ones. */
  idBase: 'small' | 'huge';
  /** Path in front of every endpoint (at the start): `/gpudb-0` behind Kinetica's own HTTPD. */
  pathPrefix: string;
  /**
   * Part of a high-availability pair (at the start). A primary and a backup with the same seed share the tags of their asynchronous jobs,
   * while the same numeric ID always names another job.
   */
  cluster: 'single' | 'primary' | 'backup';
  /** Draining: only /show/system/status responds. Stopped: the same, and its response shows it. Shutting down: every endpoint rejects. */
  system: 'running' | 'draining' | 'drained' | 'stopped' | 'shutting-down';

  /** Off: every caller is an administrator. */
  authentication: 'required' | 'off';
  /** The response to wrong credentials: the wrapper of the database, or a page of the proxy. */
  unauthorizedBody: 'json' | 'html';
  /** What users without system_admin may do with jobs: nothing, or see and cancel their own. Not documented. */
  plainUsers: 'denied' | 'own-jobs';

  /** HTTP status of ordinary failures. Clients also handle ERROR in a 200. */
  errorStatus: 400 | 200;
  /** Damage to successful responses: data_str is not JSON, "", or an object; or some list columns, or only `status`, lack one element. */
  damage: 'none' | 'data-not-json' | 'data-empty' | 'data-object' | 'unequal-columns' | 'short-status';
  /** The endpoint whose responses are damaged, such as `/admin/alter/jobs`. '' is all of them. */
  damagedEndpoint: string;

  /** Words of the list's `status`, for which no vocabulary is published: /get/job's, those of a vendor's mock, or lowercase. */
  statusWords: 'get-job' | 'complete' | 'lower-case';
  /** The list's word for a job whose cancellation was requested while it still runs. */
  stoppingWord: 'CANCELLED' | 'CANCELLING' | 'RUNNING';
  /** Order of the list, which is not specified. */
  listOrder: 'received' | 'scrambled';
  /** The request that lists jobs is in its own response, like any request in flight. */
  listsItself: boolean;
  /** The list's one `info.job_tag` for all its jobs: none, that of the first asynchronous job, or all joined by commas. */
  listTag: 'absent' | 'first' | 'joined';

  /**
   * The outcome of a cancel for each job, which is not documented. `terse`: OK, Job N not found, Job N cannot be canceled.
   * `enum`: canceled, not_found, not_cancellable. `omit`: unknown IDs are left out. `reject`: one unknown ID rejects the whole
   * request. `reorder`: IDs are returned in reverse. The last three use terse texts. `prose`: ambiguous sentences.
   */
  cancelAnswers: 'terse' | 'enum' | 'omit' | 'reject' | 'reorder' | 'prose';
  /** A text for people in the `info` of a cancel's response, as `note`. '' is none. */
  cancelNote: string;
  /** Canceling a canceled job once more. */
  repeatedCancel: 'accepted' | 'rejected';
  /** A cancel of no jobs at all: processed, or rejected. */
  emptyCancel: 'accepted' | 'rejected';
  /** How long a running job still runs after its cancel was accepted. 0 to 2,000 is realistic. */
  stopMs: number;
  /** A `job_tag` with an ID: the tag alone names the job, on any cluster, or the job must have both. */
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
