import { z } from 'zod';
import { checkQueueName } from './job-id.ts';

/** The fields of a job that `Job.raw` shows only if the configuration names them: producers and workers put secrets there. */
export const privateFields = ['data', 'returnvalue', 'stacktrace'] as const;
export type PrivateField = (typeof privateFields)[number];

/** The keys of a BullMQ system in jobyard.yaml, besides those that systems of all vendors have. */
export interface BullmqSettings {
  /** A user of Redis's access control lists. Undefined: the default user. */
  username?: string | undefined;
  password?: string | undefined;
  /** What all keys of the queues start with. May be empty or contain colons. */
  prefix: string;
  /** Undefined: all queues of the prefix, which the adapter finds. */
  queues?: string[] | undefined;
  /** The relay's topic that tells workers to cancel an active job; `{queue}` is the queue's name. Undefined: active jobs can't be canceled. */
  cancelTopic?: string | undefined;
  /** The relay's namespace of `cancelTopic`. */
  relayNamespace: string;
  /** What Jobyard tells workers as the reason. */
  cancelReason: string;
  /** A failed job whose `failedReason` starts with one of these, or with `cancelReason`, is CANCELLED. */
  canceledReasons: string[];
  /** Whether RESTART runs completed jobs again, too. */
  restartCompleted: boolean;
  /** Whether START promotes the next run of a scheduler, which then skips its planned time. */
  startScheduledRuns: boolean;
  raw: PrivateField[];
}

const text = z.string('expected text').min(1, 'expected text');
const yesOrNo = z.boolean('expected true or false');

/** Each part of a topic: what the relay accepts. */
const topicPattern = /^(?:[A-Za-z0-9_-]+|\{queue\})(?:\.(?:[A-Za-z0-9_-]+|\{queue\}))*$/;

/** `secret` reads a value from the environment or a file, so that the configuration contains no secrets. */
export function createSettingsSchema(secret: z.ZodType<string>): z.ZodType<BullmqSettings> {
  return z.strictObject({
    username: text.optional(),
    password: secret.optional(),
    prefix: z.string('expected text').default('bull'),
    queues: z
      .array(
        text.refine((name) => checkQueueName(name) === null, 'expected the name of a queue, without colon'),
        'expected a list of queues',
      )
      .min(1, 'expected at least one queue')
      .optional(),
    cancelTopic: text.regex(topicPattern, 'expected a topic such as jobs.{queue}.cancel').optional(),
    relayNamespace: text.regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected letters, digits, _ and -, at most 64').default('default'),
    cancelReason: text.default('Canceled through Jobyard'),
    canceledReasons: z.array(text, 'expected a list of texts').default([]),
    restartCompleted: yesOrNo.default(false),
    startScheduledRuns: yesOrNo.default(false),
    raw: z.array(z.enum(privateFields, 'expected data, returnvalue or stacktrace'), 'expected a list').default([]),
  });
}
