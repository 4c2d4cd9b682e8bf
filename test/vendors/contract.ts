import type { IncomingMessage } from 'node:http';
import type { Random } from '../../src/sandbox-kit/random.ts';
import type { LoggedRequest } from '../../src/sandbox-kit/request-log.ts';
import type { Sandbox } from '../../src/sandbox-kit/sandbox.ts';

/*
 * What the tests of all vendors know of one vendor. Each vendor's part is `subject` in test/vendors/NAME/subject.ts; subjects.ts collects
 * them. A subject is written from the vendor's manual and its sandbox, never from its adapter: it says what is true.
 *
 * Vendor IDs are the part of a job ID after the colon.
 */

/**
 * The type of each vendor's sandbox. Each subject.ts adds its own:
 * `declare module '../contract.ts' { interface SandboxTypes { kylin: KylinSandbox } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: the subjects add its members
export interface SandboxTypes {}

/** The name of a vendor that has a subject, as in the configuration. */
export type VendorName = keyof SandboxTypes & string;

export type Action = 'cancel' | 'pause' | 'resume' | 'restart' | 'start';

export interface Subject<S extends Sandbox = Sandbox> {
  /** What the vendor can do with jobs. An action that it doesn't have is missing. */
  actions: { cancel: CancelFacts } & Partial<Record<Action, ActionFacts>>;
  ids: {
    /** Well-formed, and no job's. */
    unknown: string;
    /** Malformed ones, each with the reason. At least one. */
    invalid: readonly (readonly [vendorId: string, reason: string])[];
  };
  reads: ReadFacts;
  /** What a request to the vendor asks for, as the vendor understands it. Null: neither an action nor a read of jobs. */
  purposeOf(request: LoggedRequest): Purpose | null;
  jobs: Jobs<S>;
  /** Present if the vendor has sessions or tokens that can end before Jobyard expects it. A request of an ended one has no effect. */
  sessions?: { endAll(sandbox: S): void; count(sandbox: S): number };
  /** Values of switches for tests at random, by the switch's name. With each of them all results must be true. */
  switchChoices: Readonly<Record<string, readonly unknown[]>>;
  /** Plants secrets where the vendor has some, for a test that searches everything that leaves Jobyard for them. */
  plantSecrets(sandbox: S, createSecret: (where: string) => string): Planted;
  /** A rejection in the vendor's own form whose texts contain this text. */
  reject(text: string): { status: number; body: unknown };
  echo: Echo;
  simulation: Simulation<S>;
}

/** The requests of one kind: those with this method, and with this text in their path and query. */
export interface Place {
  path: string;
  method?: string;
}

export interface ActionFacts {
  /** The requests for this action. Other actions can have the same place; reads and logins have others. */
  place: Place;
  /** How many jobs one request can name. */
  jobsPerRequest: number;
  /** Jobs are read before the action is sent, as the vendor's response is insufficient. */
  readsFirst: boolean;
  /** With `readsFirst`: each job is read right before its own request. Default: all are read before the first request. */
  readsAlone?: true;
  /** Jobs that have succeeded allow the action. Default: they don't. */
  allowsSucceeded?: true;
  /** Whether a caller's retry after a lost response can do no harm. */
  safeToRetry: boolean;
  /** The action creates another job, each attempt at it the same one, and leaves the named job unchanged. Default: it changes the named job. */
  creates?: true;
  /** The vendor rejects a whole request because of one of its jobs. Without it, a request's jobs don't affect each other. */
  allOrNothing: boolean;
}

export interface CancelFacts extends ActionFacts {
  /** The outcome for a job from `jobs.addFor(sandbox, 'cancel')`. */
  outcome: 'CONFIRMED' | 'ACCEPTED';
  /** Jobyard's status of such a job, before and directly after the cancel. */
  statuses: readonly [before: 'QUEUED' | 'RUNNING', after: 'CANCELLING' | 'CANCELLED'];
  /** The reason for the availability MAYBE of its cancel. Null: a read proves that it is possible. */
  doubt: RegExp | null;
}

export interface ReadFacts {
  /** All requests that read jobs, by ID or in lists, and no logins. */
  places: readonly Place[];
  /** How many jobs a request reads by ID, where the settings are those of `oneByOne`. */
  jobsPerRequest: number;
  /** Changes settings so that each job is read in a request of its own. Missing: settings don't matter. */
  oneByOne?(settings: object): object;
  /** The number of requests of the first check of health: the check, and a login if the vendor has one. */
  requestsOfFirstCheck: number;
  /** The `failureMessage` of a job from `jobs.addEnded(sandbox, 'FAILED')`: a text, null, or a matcher of `expect`. */
  failureMessage: unknown;
  /** What a list must request to have it: nothing more, one or two requests per failed job, or the job's steps. */
  failureTakes: 'nothing' | 'request' | 'twoRequests' | 'steps';
  /** The details of `Job` that the vendor has; the others are null or empty. */
  details: readonly ('waitSeconds' | 'dataRange' | 'links' | 'substeps')[];
}

export type Purpose =
  /** An action on these jobs. */
  | { kind: 'action'; action: Action; ids: string[] }
  /** A read of these jobs, or of all that a list may contain. */
  | { kind: 'read'; ids: string[] | 'all' };

/** A job as the vendor truly has it. */
export interface TrueJob {
  vendorId: string;
  /** The vendor's own word. */
  status: string;
  /** When its current run was requested: a restart makes it later. Epoch milliseconds. */
  requestedAtMs: number;
  /** All that the vendor keeps of it, as JSON: unchanged if nothing happened to the job. */
  record: string;
}

export interface AddOptions {
  /** Default: now. Epoch milliseconds. */
  createdAtMs?: number;
  /** In another part of the vendor, such as a project, if jobs of two parts can't share a request. */
  elsewhere?: boolean;
  /** Once it is canceled, the job ends within a minute of the sandbox's clock. Default: it need not. */
  finishesCancel?: boolean;
}

/** A sandbox's jobs: adds some, and tells the truth about them. Each function that adds a job returns its vendor ID. */
export interface Jobs<S extends Sandbox> {
  /** A job that allows the action and doesn't change by itself; for a cancel it is `actions.cancel.statuses[0]`. */
  addFor(sandbox: S, action: Action, options?: AddOptions): string;
  addEnded(sandbox: S, status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED'): string;
  /**
   * One of many that stay as they are. With the index, its status, type, and owner change (`ada@example.com` among them), and some names
   * contain `nightly` in any letters. Facts that the vendor doesn't have are ignored.
   */
  addVaried(sandbox: S, index: number, times: { createdAtMs: number; startedAtMs: number; endedAtMs: number }): void;
  /** Jobs in every status, and with everything else that decides about an action. They only change through actions. */
  addEveryKind(sandbox: S): string[];
  /** A job with all facts that the vendor has. */
  addExample(sandbox: S): Example;
  /**
   * A job with this text wherever the vendor takes free text, and with this time where it takes one. Returns its fields that have them.
   * Missing: the vendor takes neither.
   */
  addUnfit?(sandbox: S, text: string, atMs: number): { vendorId: string; texts: readonly string[]; times: readonly string[] };
  all(sandbox: S): Iterable<TrueJob>;
  find(sandbox: S, vendorId: string): TrueJob | undefined;
  /** Whether this word shows that the action took effect. Of a restart, `requestedAtMs` shows the rest. */
  shows(action: Action, status: string): boolean;
  /** The job ends well, as if by itself. */
  end(sandbox: S, vendorId: string): void;
  remove(sandbox: S, vendorId: string): void;
  /** Back to a state in which the action is possible, as from `addFor` with `createdAtMs`. */
  renew(sandbox: S, vendorId: string, action: Action, createdAtMs: number): void;
  /** For an action that `creates` jobs: those that it created for this job, by their vendor IDs. Missing: no action does. */
  createdFor?(sandbox: S, vendorId: string): string[];
  /** The vendor rejects the next actions on this job because of a conflict that it documents as safe to retry. Missing: it has none. */
  rejectRetryably?(sandbox: S, vendorId: string, times: number): void;
  /** For `allOrNothing`: a request that names a job that doesn't exist is rejected as a whole. Missing: it always is. */
  rejectTogether?(sandbox: S): void;
}

export interface Example {
  vendorId: string;
  /** All fields that end-to-end/reading.test.ts selects, except those that are the same for all vendors. */
  fields: Record<string, unknown>;
  /** The actions that are available. */
  available: readonly string[];
  /** Texts of the vendor's job that must not be shown. */
  hidden?: readonly string[];
}

export interface Planted {
  /** Jobs near which secrets are. */
  vendorIds: string[];
  /** The settings of the sandbox, with a planted secret. */
  settings: Record<string, unknown>;
}

/** A stub of the vendor that repeats secrets wherever it can, in src/secrets' tests. Written from the vendor's manual. */
export interface Echo {
  /** The vendor IDs that it has. */
  vendorIds: readonly string[];
  /** The settings of a system with this secret. `settings`: those of the sandbox. */
  settings(secret: string, settings: object): object;
  /** Whether a secret can contain every character, or only those of a header, which contains it unchanged. */
  secrets: 'any' | 'header';
  /** Secrets that the stub itself gives out: session IDs, cookies, tokens. */
  learned: readonly string[];
  /** The settings for callers' own credentials. Missing: the vendor doesn't offer them. */
  passthroughSettings?: object;
  answer(url: URL, request: IncomingMessage, options: EchoOptions): EchoAnswer;
}

export interface EchoOptions {
  /** `jobs`: responds as asked, as far as it can be done without an effect. Otherwise: rejects everything in its own form. */
  mode: 'jobs' | 'errors';
  /** A text that contains a secret; another one at each call. */
  words(): string;
}

export interface EchoAnswer {
  /** Default: 200. */
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body: unknown;
}

/** What befalls a vendor in a simulated world (test/simulator), and what its users see of it. */
export interface Simulation<S extends Sandbox> {
  /** Values of the sandbox's switches. */
  pickSwitches(random: Random): Record<string, unknown>;
  /** Values of settings, as changes. */
  pickSettings?(random: Random): object;
  /** Adds a job that runs for some time. */
  addJob(sandbox: S, random: Random): string;
  /** The vendor's word for each job that its API shows, by vendor ID. A job that is canceled and still runs counts as CANCELLING. */
  words(sandbox: S): Map<string, string>;
  /** The job ends by itself. */
  endJob(sandbox: S, vendorId: string): void;
  /** Another user of the vendor's cancels it. */
  cancelJob(sandbox: S, vendorId: string): void;
  /** Makes a canceled or stopping job succeed; other jobs don't change. */
  overrule(sandbox: S, vendorId: string): void;
  /** The vendor begins again: sessions are gone. */
  restart(sandbox: S): void;
  /** Whether its lists contain a job that had these words all the time. Default: all jobs. */
  isListed?(words: readonly (string | null)[]): boolean;
  /** The words of jobs that have ended well or were canceled: nothing is left to find out about an action on them. */
  endWords: readonly string[];
  /** `Job.vendorStatus` is one of `words`. */
  showsWords: boolean;
  /** The vendor accepts cancels that come to nothing. */
  cancelsInVain: boolean;
  /** The body of a response to an action after `exchange` of its list with an entry for each job. Missing: it has no such list. */
  exchangeEntries?(body: string, exchange: (entries: readonly unknown[]) => readonly unknown[]): string;
}
