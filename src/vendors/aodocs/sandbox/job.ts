export const statuses = ['IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;

export interface JobEvent {
  atMs: number;
  severity: 'INFO' | 'WARN' | 'ERROR';
  message: string;
}

/** The fields of a job that can be given when it is added. */
export interface JobFields {
  jobId: string;
  /** Null: a job of the whole domain, which no library lists. */
  libraryId: string | null;
  /** One of the vendor's types or any other word. */
  type: string;
  /** One of `statuses` or any other word, which the simulator then leaves alone. */
  status: string;
  /** The email address of the person who started it. */
  requestor: string;
  startedAtMs: number;
  lastActivityAtMs: number;
  remainingTasks: number;
  succeededTasks: number;
  failedTasks: number;
  taskRetries: number;
  events: readonly JobEvent[];
  /** Properties that responses leave out for this job, such as `remainingTasks`. */
  absent: readonly string[];
  /** Properties that responses have as given here, including null, instead of as documented: `{ type: 7 }`. */
  odd: Readonly<Record<string, unknown>>;
}

export type JobChange = Partial<Omit<JobFields, 'jobId' | 'libraryId' | 'events'>>;

/** A job as the system has it. */
export interface Job extends Omit<JobFields, 'events'> {
  events: JobEvent[];
}
