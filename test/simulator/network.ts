import { Dispatcher } from 'undici';
import type { SandboxAnswer, SandboxRequest } from '../../src/sandbox-kit/exchange.ts';
import type { Random } from '../../src/sandbox-kit/random.ts';
import type { Trace } from './trace.ts';
import type { Asking, Vendor } from './vendors.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What befalls one request on its way. `applied`: whether the vendor had carried it out. */
export type Mishap =
  | { kind: 'none' }
  | { kind: 'rejected' }
  | { kind: 'reset'; applied: boolean }
  | { kind: 'hang'; applied: boolean }
  /** The vendor takes it up only so much later, whatever has become of the caller. */
  | { kind: 'late'; afterMs: number }
  | { kind: 'slow'; afterMs: number }
  | { kind: 'cut' }
  | { kind: 'twice' }
  /** The response to a read of one job is about another, as from a cache whose key contains too little of the URL. */
  | { kind: 'swapped' }
  /** The vendor's results for the first and the last job of a batch are swapped. */
  | { kind: 'crossed' }
  | { kind: 'gateway'; status: number; applied: boolean; headers: Record<string, string> }
  | { kind: 'echo'; status: number };

/** One request of Jobyard's, and what became of it. */
export interface Exchange {
  systemId: string;
  process: string;
  /** When its first byte was written. */
  startedMs: number;
  asking: Asking;
  /** When the vendor carried it out; null: never. */
  appliedMs: number | null;
  /** The jobs that it changed in truth, and those for which it created another one. */
  changed: string[];
  /** When Jobyard got the whole response, and its status; null: never. */
  answeredMs: number | null;
  status: number;
  text: string;
  mishap: Mishap['kind'];
}

export interface NetworkParts {
  time: VirtualTime;
  random: Random;
  trace: Trace;
  vendors: ReadonlyMap<string, Vendor>;
  /** What befalls the next request to this system. */
  nextMishap(systemId: string): Mishap;
  /** The statuses of all jobs may have changed. */
  onChange(systemId: string): void;
  /** The vendor has just carried it out. */
  onCarriedOut(exchange: Exchange): void;
}

export interface Network {
  /** For one process. */
  createDispatcher(origin: string): Dispatcher;
  exchanges: Exchange[];
  /** Requests under way whose connection was closed by the process itself. */
  cutOff: { systemId: string; process: string; asking: Asking; atMs: number }[];
}

/** Takes the place of sockets: brings requests to the vendors of the world, and answers back, each with a delay and its mishap. */
export function createNetwork({ time, random, trace, vendors, nextMishap, onChange, onCarriedOut }: NetworkParts): Network {
  const exchanges: Exchange[] = [];
  const cutOff: Network['cutOff'] = [];
  const byOrigin = new Map(Array.from(vendors.values(), (vendor) => [vendor.origin, vendor]));

  /** `underWay`: what closes the connection of each request of the dispatcher's that has no answer yet. */
  const dispatch = (
    vendor: Vendor,
    underWay: Set<() => void>,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): void => {
    const { systemId } = vendor;
    const life = time.lifeNow();
    if (!life) throw new Error('A request of no process');
    if (life.isDead) return;
    const mishap = nextMishap(systemId);
    const toCaller = (afterMs: number, happen: () => void): void => {
      time.later(afterMs, () => {
        if (!life.isDead) time.within(life, happen);
      });
    };
    let isAborted = false;
    let isOver = false;
    const end = (happen: () => void): void => {
      if (isOver || isAborted) return;
      isOver = true;
      underWay.delete(close);
      happen();
    };
    const fail = (message: string, code: string): void =>
      end(() => handler.onResponseError?.(controller, Object.assign(new Error(message), { code })));
    const controller: Dispatcher.DispatchController = {
      abort(reason: Error) {
        if (isAborted || isOver) return;
        isAborted = true;
        underWay.delete(close);
        handler.onResponseError?.(controller, reason);
      },
      pause() {},
      resume() {},
      get aborted() {
        return isAborted;
      },
      paused: false,
      reason: null,
    };

    const close = (): void => {
      cutOff.push({ systemId, process: life.name, asking: vendor.askingOf(toRequest(options)), atMs: time.nowMs() });
      trace.note('cut off', systemId);
      fail('The client is destroyed', 'UND_ERR_DESTROYED');
    };
    underWay.add(close);

    toCaller(random.integer(1, 5), () => {
      if (isAborted || isOver) return;
      if (mishap.kind === 'rejected') return fail(`connect ECONNREFUSED ${vendor.origin}`, 'ECONNREFUSED');
      handler.onRequestStart?.(controller, {});
      if (isAborted || life.isDead) return;
      const request = toRequest(options);
      const exchange: Exchange = {
        systemId,
        process: life.name,
        startedMs: time.nowMs(),
        asking: vendor.askingOf(request),
        appliedMs: null,
        changed: [],
        answeredMs: null,
        status: 0,
        text: '',
        mishap: mishap.kind,
      };
      exchanges.push(exchange);
      trace.note('send', systemId, request.method, request.path, exchange.asking?.kind ?? '-', mishap.kind);
      const carryOut = (asked = request): SandboxAnswer => {
        const before = vendor.words();
        const answer = vendor.answer(asked);
        const after = vendor.words();
        exchange.appliedMs = time.nowMs();
        if (exchange.asking?.kind === 'action') {
          const { action, ids } = exchange.asking;
          // Other jobs may arrive at the same time.
          const hasCreated = vendor.creates(action) && after.size > before.size;
          exchange.changed = ids.filter((id) => before.get(id) !== after.get(id) || hasCreated);
        }
        onChange(systemId);
        onCarriedOut(exchange);
        return answer;
      };
      const answerWith = (answer: SandboxAnswer, afterMs: number): void => {
        toCaller(afterMs + (answer.delayMs ?? 0), () =>
          end(() => {
            const body = Buffer.from(answer.body ?? '');
            exchange.answeredMs = time.nowMs();
            exchange.status = answer.status;
            exchange.text = body.toString();
            trace.note('answer', systemId, answer.status, body.length);
            handler.onResponseStart?.(controller, answer.status, lowerCase(answer.headers ?? {}), '');
            if (body.length > 0) handler.onResponseData?.(controller, body);
            if (!isAborted) handler.onResponseEnd?.(controller, {});
          }),
        );
      };
      const wayMs = random.integer(1, 30);
      const backMs = random.integer(1, 30);
      switch (mishap.kind) {
        case 'reset':
          time.later(wayMs, () => {
            if (mishap.applied) carryOut();
            toCaller(1, () => fail('read ECONNRESET', 'ECONNRESET'));
          });
          break;
        case 'hang':
          if (mishap.applied) time.later(wayMs, () => carryOut());
          break;
        case 'late':
          time.later(mishap.afterMs, () => answerWith(carryOut(), backMs));
          break;
        case 'slow':
          time.later(wayMs, () => answerWith(carryOut(), mishap.afterMs));
          break;
        case 'cut':
          time.later(wayMs, () => {
            const { status, headers = {}, body = '' } = carryOut();
            toCaller(backMs, () => {
              if (isOver || isAborted) return;
              handler.onResponseStart?.(controller, status, lowerCase(headers), '');
              handler.onResponseData?.(controller, Buffer.from(body).subarray(0, 10));
              fail('other side closed', 'UND_ERR_SOCKET');
            });
          });
          break;
        case 'twice':
          time.later(wayMs, () => carryOut());
          time.later(wayMs + 3, () => answerWith(carryOut(), backMs));
          break;
        case 'swapped':
          time.later(wayMs, () => answerWith(carryOut(swap(request, exchange.asking, vendor)), backMs));
          break;
        case 'crossed':
          time.later(wayMs, () => {
            const answer = carryOut();
            answerWith(exchange.asking?.kind === 'action' ? cross(answer, vendor) : answer, backMs);
          });
          break;
        case 'gateway':
          time.later(wayMs, () => {
            if (mishap.applied) carryOut();
            answerWith(
              { status: mishap.status, headers: { 'content-type': 'text/html', ...mishap.headers }, body: '<h1>Gateway</h1>' },
              backMs,
            );
          });
          break;
        case 'echo':
          time.later(wayMs, () => answerWith(echo(mishap.status, options, request), backMs));
          break;
        default:
          time.later(wayMs, () => answerWith(carryOut(), backMs));
      }
    });
  };

  return {
    exchanges,
    cutOff,
    createDispatcher(origin) {
      const vendor = byOrigin.get(origin);
      if (!vendor) throw new Error(`No vendor at ${origin}`);
      const underWay = new Set<() => void>();
      return Object.assign(new Dispatcher(), {
        dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
          dispatch(vendor, underWay, options, handler);
          return true;
        },
        async destroy() {
          for (const close of [...underWay]) close();
        },
      });
    },
  };
}

function toRequest({ method, path, headers, body }: Dispatcher.DispatchOptions): SandboxRequest {
  const cut = path.indexOf('?');
  return {
    method,
    path: cut < 0 ? path : path.slice(0, cut),
    query: new URLSearchParams(cut < 0 ? '' : path.slice(cut + 1)),
    headers: lowerCase((headers ?? {}) as Record<string, string>) as SandboxRequest['headers'],
    body: typeof body === 'string' ? body : '',
  };
}

function lowerCase<Value>(headers: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The same request for another job; unchanged if its URL names no job. */
function swap(request: SandboxRequest, asking: Asking, vendor: Vendor): SandboxRequest {
  if (asking?.kind !== 'read' || asking.ids === 'all') return request;
  const [id = ''] = asking.ids;
  const other = [...vendor.words().keys()].find((each) => each !== id);
  return other === undefined ? request : { ...request, path: request.path.replace(id, other) };
}

/** Unchanged if it contains no list with an entry for each job. */
function cross(answer: SandboxAnswer, { exchangeEntries }: Vendor): SandboxAnswer {
  return answer.status === 200 && exchangeEntries ? { ...answer, body: exchangeEntries(String(answer.body), exchangeEnds) } : answer;
}

/** Puts the last entry of a list into the place of the first, and the other way round. */
function exchangeEnds(list: readonly unknown[]): readonly unknown[] {
  return list.length < 2 ? list : [list.at(-1), ...list.slice(1, -1), list[0]];
}

/** A front end that repeats the requests it rejects. */
function echo(status: number, { path, headers }: Dispatcher.DispatchOptions, { body }: SandboxRequest): SandboxAnswer {
  const text = `Refused: ${path} ${JSON.stringify(headers)} ${body}`;
  return { status, headers: { 'content-type': 'text/plain' }, body: text };
}
