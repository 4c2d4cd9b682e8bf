/** What Kylin's manual and source leave open, or offer as a choice. The first value named is the default. */
export interface KylinSwitches {
  /** Whether new jobs arrive by themselves. */
  arrivals: boolean;
  /** Whether three wrong passwords lock an account (Kylin: 30 s, then longer each time). */
  lockout: boolean;
  /** Assumed: login names ignore case. */
  loginNames: 'ignoreCase' | 'exact';
  /** Assumed: Accept without a Kylin type gives 406, and `*\/*` 500 where two of Kylin's handlers match. `served`: as the public type. */
  otherAccept: 'refused' | 'served';
  /** A list without `project`: open to every user (so the source, with a TODO), or only the projects the user may operate. */
  globalList: 'open' | 'permitted';
  /** Jobs in lists: as the 5.0 source writes them, or the fewer fields of the documentation's sample, with `steps: null`. */
  listShape: 'source' | 'documented';
  /** Error envelopes with `suggestion` and `error_code`, or without, as in the documentation's samples. */
  errorShape: 'source' | 'documented';
  /** Assumed: errors of controllers carry the negotiated type. `json`: `application/json;charset=UTF-8`. */
  errorContentType: 'negotiated' | 'json';
  /** What a required query parameter that is missing is refused with; the second in earlier 5.x. */
  missingParameterCode: 'KE-010043201' | 'KE-010000003';
  /** `stacktrace` in full, or the sentence a server setting puts in its place. */
  stacktrace: 'full' | 'withheld';
  /** `key` in lists: names of models, tables and projects, then ids (5.0); or a substring of subject or id (5.0 beta). */
  keySearch: 'namesFirst' | 'subjectOrId';
  /** Assumed: unknown fields may appear in jobs and envelopes; true adds some. */
  extraFields: boolean;
  /** Real milliseconds that killing the Spark application of one running job takes, before PUT /jobs/status answers. */
  killDelayMs: number;
  /** One node, or two: PUT /jobs/status is then forwarded to the node that runs the job. */
  cluster: 'oneNode' | 'twoNodes';
  /** The node that answers: an ordinary one, a query-only one that refuses writes, or one that knows no living job node. */
  node: 'job' | 'queryOnly' | 'noJobNode';
}

export const defaultSwitches: KylinSwitches = {
  arrivals: true,
  lockout: true,
  loginNames: 'ignoreCase',
  otherAccept: 'refused',
  globalList: 'open',
  listShape: 'source',
  errorShape: 'source',
  errorContentType: 'negotiated',
  missingParameterCode: 'KE-010043201',
  stacktrace: 'full',
  keySearch: 'namesFirst',
  extraFields: false,
  killDelayMs: 0,
  cluster: 'oneNode',
  node: 'job',
};
