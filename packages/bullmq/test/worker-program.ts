// A worker in a process of its own. Parameters: the port, the queue, the relay's topic for cancellations
// or nothing, and the password or nothing.
// What a job does is its name.

import { type Job, Relay, UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';

const [port, queue = '', cancelTopic, password] = process.argv.slice(2);
const connection = new Redis({ host: '127.0.0.1', port: Number(port), ...(password && { password }), maxRetriesPerRequest: null });

/** Resolves when the signal is aborted. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function perform(job: Job, signal: AbortSignal): Promise<unknown> {
  switch (job.name) {
    case 'fail':
      throw new Error('The mailbox is full.');
    case 'fail-once':
      if (job.attemptsMade === 0) throw new Error('The mailbox was full.');
      return 'second attempt';
    case 'log':
      for (let index = 0; index < 25; index += 1) await job.log(`row ${index}`);
      return null;
    case 'progress':
      await job.updateProgress(40);
      await untilAborted(signal);
      return null;
    case 'obey':
      await untilAborted(signal);
      throw new UnrecoverableError(String(signal.reason instanceof Error ? signal.reason.message : signal.reason));
    case 'ignore': {
      await untilAborted(signal);
      // The test says when it ends.
      while (!(await connection.exists('end ignored'))) await new Promise((resolve) => setTimeout(resolve, 5));
      return 'done anyway';
    }
    case 'die':
      process.kill(process.pid, 'SIGKILL');
      return untilAborted(signal);
    default:
      return { secret: 'returned-secret' };
  }
}

const worker = new Worker(queue, (job, _token, signal) => perform(job, signal ?? new AbortController().signal), {
  connection,
  concurrency: 10,
  lockDuration: 1_000,
  stalledInterval: 500,
});
worker.on('error', () => {});
if (cancelTopic) {
  const relay = new Relay({ connection });
  await relay.subscribe(cancelTopic, (message) => {
    const { jobId, reason } = JSON.parse(JSON.stringify(message.data));
    worker.cancelJob(jobId, reason);
  });
}
await worker.waitUntilReady();
process.stdout.write('ready\n');
