/** What Kylin's manual and source leave open, or offer as a choice. The first value named is the default. */
export interface KylinSwitches {
  /** Whether new jobs arrive by themselves. */
  arrivals: boolean;
  /** Whether three wrong passwords lock an account (Kylin: 30 s, then longer each time). */
  lockout: boolean;
  /** Assumed: login names ignore case. */
  loginNames: 'ignoreCase' | 'exact';
  /** Assumed: Accept without a Kylin type gives 406, and `*\/*` 500 if two of Kylin's handlers match. `served`: as the public type. */
  otherAccept: 'rejected' | 'served';
  /**
   * A list without `project`. `open`: all jobs, for every user (5.0.0). `permitted`: the jobs of the projects the user may operate (5.0.4).
   * `rejected`: only for global administrators (5.0.5).
   */
  globalList: 'open' | 'permitted' | 'rejected';
  /** Rows with equal sort keys: in one order, or in another order for each combination of `page_offset` and `page_size`. */
  ties: 'stable' | 'unstable';
  /** What times are sorted by: as shown, or by whole seconds (columns of type `datetime` in early MySQL schemas). */
  timeOrder: 'milliseconds' | 'seconds';
  /** The maximum `page_size` of a gateway in front of Kylin; the response's `limit` shows what was applied. 0: none. */
  pageCap: number;
  /** Jobs in lists: as the 5.0 source writes them, or the fewer fields of the documentation's sample, with `steps: null`. */
  listShape: 'source' | 'documented';
  /** Error envelopes with `suggestion` and `error_code`, or without, as in the documentation's samples. */
  errorShape: 'source' | 'documented';
  /** Assumed: errors of controllers carry the negotiated type. `json`: `application/json;charset=UTF-8`. */
  errorContentType: 'negotiated' | 'json';
  /** What a required query parameter that is missing is rejected with; the second in earlier 5.x. */
  missingParameterCode: 'KE-010043201' | 'KE-010000003';
  /** `stacktrace` in full, or the sentence a server setting puts in its place. */
  stacktrace: 'full' | 'withheld';
  /** `key` in lists: names of models, tables and projects, then IDs (5.0); or a substring of subject or ID (5.0 beta). */
  keySearch: 'namesFirst' | 'subjectOrId';
  /** Assumed: unknown fields may appear in jobs and envelopes; true adds some. */
  extraFields: boolean;
  /** Logs of steps: whole; or only the first and last 100 lines, if they are longer; or missing, because their files were deleted. */
  stepLogs: 'sampled' | 'whole' | 'missing';
  /** How many lines the log of a step that has run has. */
  stepLogLines: number;
  /** The real time, in milliseconds, to stop the Spark application of one running job before PUT /jobs/status responds. */
  killDelayMs: number;
  /** One node, or two: PUT /jobs/status is then forwarded to the node that runs the job. */
  cluster: 'oneNode' | 'twoNodes';
  /**
   * The node that responds: a normal one; a query-only one that rejects writes; one without an active job node;
   * or one that rejects writes in maintenance mode, or while it recovers.
   */
  node: 'job' | 'queryOnly' | 'noJobNode' | 'maintenance' | 'recovering';
}

export const defaultSwitches: KylinSwitches = {
  arrivals: true,
  lockout: true,
  loginNames: 'ignoreCase',
  otherAccept: 'rejected',
  globalList: 'open',
  ties: 'stable',
  timeOrder: 'milliseconds',
  pageCap: 0,
  listShape: 'source',
  errorShape: 'source',
  errorContentType: 'negotiated',
  missingParameterCode: 'KE-010043201',
  stacktrace: 'full',
  keySearch: 'namesFirst',
  extraFields: false,
  stepLogs: 'sampled',
  stepLogLines: 3,
  killDelayMs: 0,
  cluster: 'oneNode',
  node: 'job',
};
