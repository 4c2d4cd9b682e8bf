/** What AODocs' manual leaves open, or offers as a choice. Defaults: the documented values, else the most likely ones. */
export interface AodocsSwitches {
  /** New jobs start by themselves. */
  arrivals: boolean;

  /** How 64-bit integers are written: as text in the guides and the framework, as numbers in the OpenAPI file. */
  int64: 'strings' | 'numbers';
  /** Whether counters of 0 and flags that are false are written or left out. */
  zeros: 'kept' | 'omitted';
  /** Whether responses have `kind`. Its exact words (`aodocs#job`) are assumed from other resources. */
  kinds: boolean;
  /** Adds a property that no manual names to every job. */
  unknownProperties: boolean;
  /** Whether responses are indented if the request has no `prettyPrint`. */
  prettyPrint: boolean;
  /** What `completed` means: no task remains (whatever the status), the job has ended, or it has ended well. Undocumented. */
  completed: 'noTasksRemain' | 'ended' | 'succeeded';

  /** Canceling a job that has ended: 412, 200 with the unchanged job, 409 marked not retryable, or 400. Undocumented. */
  terminalCancel: 'strict' | 'idempotent' | 'conflict' | 'badRequest';
  /** A cancel's 200: already CANCELLED, still IN_PROGRESS and CANCELLED a tick later, or nothing happens at all. Undocumented. */
  cancelAnswer: 'cancelled' | 'lazy' | 'ignored';
  /** Tasks that were running at the cancel still end in the next ticks, so that counters move after CANCELLED. */
  runningTasksFinish: boolean;

  /** The order of a list without `orderBy`. Undocumented. */
  defaultOrder: 'started asc' | 'started desc' | 'lastActivity asc' | 'lastActivity desc';
  /** The order of a job's events. Undocumented. */
  eventOrder: 'oldestFirst' | 'newestFirst';
  /** The largest page of jobs or events. Undocumented. */
  maxPageSize: number;
  /** A larger `pageSize` or `maxResults` is cut to the largest page, or rejected with 400. */
  pageSizeAboveMax: 'clamp' | 'reject';
  /** Pages before the last one: full, a third shorter than requested, or shorter with an empty one first. */
  pages: 'full' | 'short' | 'emptyFirst';

  /** Listing and events need a library's administrator, and reading a job that or its requestor; or any member may read. Undocumented. */
  readAccess: 'restricted' | 'members';
  /** A document that rejections of permission name, as those about a job on one document do. '' is none. */
  deniedDocument: string;
  /** Whether `Authorization: SECURITYCODE …` is understood too. */
  schemeCase: 'sensitive' | 'insensitive';
  /** A `domain` parameter that is not the caller's domain: 403, or ignored. Undocumented. */
  foreignDomain: 'reject' | 'ignore';

  /** The framework's "exception compatibility": errors of 500 and above become 503, and unknown 4xx codes become 404. */
  exceptionCompatibility: boolean;
  /** A body without `Content-Type: application/json` is rejected (406, which exception compatibility turns into 404). */
  contentTypeValidation: boolean;
  /** The front end responds with 411 to a POST that has neither a length nor chunks. */
  lengthRequired: boolean;
  /** Most requests in a second of the sandbox's clock; 0 is no limit. No quota is documented. */
  requestsPerSecond: number;
  /** How a request beyond that is rejected: by the front end in HTML, or by the application's 429 as the framework rewrites it. */
  quotaAnswer: 'html429' | 'html503' | 'unsupportedProtocol';
}

export const defaultSwitches: Readonly<AodocsSwitches> = {
  arrivals: true,
  int64: 'strings',
  zeros: 'kept',
  kinds: true,
  unknownProperties: false,
  prettyPrint: true,
  completed: 'noTasksRemain',
  terminalCancel: 'strict',
  cancelAnswer: 'cancelled',
  runningTasksFinish: true,
  defaultOrder: 'started desc',
  eventOrder: 'oldestFirst',
  maxPageSize: 100,
  pageSizeAboveMax: 'clamp',
  pages: 'full',
  readAccess: 'restricted',
  deniedDocument: '',
  schemeCase: 'sensitive',
  foreignDomain: 'reject',
  exceptionCompatibility: true,
  contentTypeValidation: false,
  lengthRequired: true,
  requestsPerSecond: 0,
  quotaAnswer: 'html429',
};
