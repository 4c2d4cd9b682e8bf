import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface QueueJob {
  id: string;
  /** On `haunted`, the adapter throws. */
  state: 'waiting' | 'active' | 'stopping' | 'canceled' | 'done' | 'failed' | 'haunted';
  createdAtMs: number;
  reason?: string;
}

export interface QueueSwitches {
  /** Whether canceled jobs vanish, as from a queue. Their events stay. */
  forgetsCanceled: boolean;
}

/** A server of jobs in queues. A request is a line `TOKEN COMMAND ARGUMENTS`, and its response is a line of JSON. */
export interface QueueServer {
  url: string;
  token: string;
  switches: QueueSwitches;
  /** The commands that it received, in order. */
  commands: readonly string[];
  add(queue: string, job?: Partial<QueueJob>): string;
  /** Performs the next command of this name, and closes the connection in the place of a response. */
  loseNext(command: string): void;
  /** Doesn't respond to the next command of this name. */
  ignoreNext(command: string): void;
  close(): Promise<void>;
}

type Reply = { value: unknown } | { error: string };

export async function startQueueServer({ token = 'line-token', jobs = 0 } = {}): Promise<QueueServer> {
  const queues = new Map<string, QueueJob[]>([['empty', []]]);
  const events: string[] = [];
  const commands: string[] = [];
  const lost = new Set<string>();
  const ignored = new Set<string>();
  const switches: QueueSwitches = { forgetsCanceled: false };
  const sockets = new Set<Socket>();
  let count = 0;

  const find = (id: string): QueueJob | undefined => queues.get(id.slice(0, id.indexOf(':')))?.find((job) => job.id === id);

  const cancel = (id: string): Reply => {
    const job = find(id);
    if (!job) return { error: 'NOJOB' };
    if (job.state !== 'waiting' && job.state !== 'active') return { error: `STATE ${job.state}` };
    const wasWaiting = job.state === 'waiting';
    job.state = wasWaiting ? 'canceled' : 'stopping';
    if (wasWaiting) events.push(id);
    if (wasWaiting && switches.forgetsCanceled)
      for (const [name, all] of queues)
        queues.set(
          name,
          all.filter((other) => other !== job),
        );
    return { value: wasWaiting ? 'canceled' : 'signaled' };
  };

  const answer = (line: string): Reply => {
    const [given, command = '', ...words] = line.split(' ');
    commands.push([command, ...words].join(' '));
    if (given !== token) return { error: 'NOAUTH' };
    const [first = '', offset = '0', limit = '0'] = words;
    switch (command) {
      case 'PING':
        return { value: 'PONG' };
      case 'QUEUES':
        return { value: [...queues.keys()] };
      case 'LIST':
        return {
          value: {
            jobs: (queues.get(first) ?? []).slice(Number(offset), Number(offset) + Number(limit)),
            total: queues.get(first)?.length ?? 0,
          },
        };
      case 'GET':
        return { value: words.map((id) => find(id) ?? null) };
      case 'CANCEL':
        return cancel(first);
      case 'CANCELED':
        return { value: words.filter((id) => events.includes(id)) };
      default:
        return { error: `COMMAND ${command}` };
    }
  };

  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    createInterface({ input: socket }).on('line', (line) => {
      const command = line.split(' ')[1] ?? '';
      if (ignored.delete(command)) return;
      const reply = answer(line);
      if (lost.delete(command)) socket.destroy();
      else socket.write(`${JSON.stringify(reply)}\n`);
    });
  };

  const add = (queue: string, job: Partial<QueueJob> = {}): string => {
    count += 1;
    const id = `${queue}:${count}`;
    const all = queues.get(queue) ?? [];
    queues.set(queue, all);
    all.push({ id, state: 'waiting', createdAtMs: 1_700_000_000_000 + count * 1_000, ...job });
    return id;
  };
  for (let index = 0; index < jobs; index += 1) {
    const state = (['waiting', 'active', 'done', 'failed'] as const)[index % 4] ?? 'done';
    add(['mail', 'video'][index % 2] ?? 'mail', { state, ...(state === 'failed' && { reason: 'The mailbox is full.' }) });
  }

  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `line://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    switches,
    commands,
    add,
    loseNext: (command) => lost.add(command),
    ignoreNext: (command) => ignored.add(command),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
