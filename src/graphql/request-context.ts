import { hash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Caller } from '../access/caller.ts';
import type { ShareRefusal } from '../access/share-refusal.ts';
import type { Place } from '../access/shares.ts';
import { settlingMs } from '../actions/perform-action.ts';
import { turns } from '../concurrency/turns.ts';

/** One GraphQL request: who asks, until when, and what it has cost so far. */
export interface RequestContext {
  /** In logs, the audit and the answer's header. */
  requestId: string;
  caller: Caller;
  operationName: string | null;
  /** Aborted when the caller went away or the deadline passed. */
  readSignal: AbortSignal;
  /** Aborted when the deadline passed. */
  actSignal: AbortSignal;
  /** Aborted before `actSignal`, when no action may be sent any more. */
  sendSignal: AbortSignal;
  /** The caller's own vendor credentials by system id. */
  credentialFor(systemId: string): string | null;
  beginWork: BeginWork;
  /** Vendor requests made so far. */
  vendorRequests: { count: number };
  /** To be called when all is done: the deadline is no longer waited for. */
  finish(): void;
}

/** Waits until an operation of this cost may begin; why it may not, or null. */
export type BeginWork = (cost: number) => Promise<ShareRefusal | null>;

const plainWord = /^[\w.:-]{1,100}$/;

export interface RequestParts extends Pick<RequestContext, 'caller' | 'operationName'> {
  headers: IncomingHttpHeaders;
  /** Arranges for the call when nobody waits for the answer any more. */
  onGone(abort: () => void): void;
  deadlineMs: number;
  /** Of the request; none for an event of a subscription, which has its turn. */
  place?: Place;
  /** Default: that of the headers. */
  requestId?: string;
  /** The request that this is a part of: an event of its subscription. */
  partOf?: RequestContext;
}

/** The caller's own `x-request-id` where it is a plain word, else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && plainWord.test(given) ? given : randomUUID();
}

export function createRequestContext({ headers, onGone, deadlineMs, place, requestId, partOf, ...parts }: RequestParts): RequestContext {
  const act = new AbortController();
  const send = new AbortController();
  const read = new AbortController();
  const settleForMs = settlingMs(deadlineMs);
  const timeIsUp = (): DOMException => new DOMException("The operation's time was up", 'TimeoutError');
  const expire = (): void => {
    const reason = timeIsUp();
    act.abort(reason);
    read.abort(reason);
  };
  // Requests that came together end together, and each may have hundreds of pages that end with it: others' requests come in between.
  const expireInTurn = (): void => {
    const turn = turns.take(parts.caller.name);
    if (turn) void turn.then(expire);
    else expire();
  };
  let timer = setTimeout(() => {
    timer = setTimeout(expireInTurn, settleForMs).unref();
    send.abort(timeIsUp());
  }, deadlineMs - settleForMs).unref();
  onGone(() => read.abort());
  // No getters, here and below: each object with one of its own gets a hidden class of its own, which stays in memory with all
  // that the getter can reach until the next full collection.
  return {
    ...parts,
    requestId: partOf?.requestId ?? requestId ?? requestIdOf(headers),
    readSignal: read.signal,
    actSignal: act.signal,
    sendSignal: send.signal,
    credentialFor(systemId) {
      const value = headers[credentialHeader + systemId];
      return typeof value === 'string' && value !== '' ? value : null;
    },
    beginWork: async (cost) => place?.beginWork(cost, read.signal) ?? null,
    vendorRequests: partOf?.vendorRequests ?? { count: 0 },
    finish() {
      clearTimeout(timer);
    },
  };
}

const credentialHeader = 'x-jobyard-credential-';

/** Stands for the caller's own vendor credentials, whatever systems they are for; '' where there are none. Tells nothing of them. */
export function keyOfCredentials(headers: IncomingHttpHeaders): string {
  const names = Object.keys(headers).filter((name) => name.startsWith(credentialHeader));
  return names.length === 0 ? '' : hash('sha256', JSON.stringify(names.sort().map((name) => [name, headers[name]])));
}

/** Calls when the caller goes away before the answer has been sent. */
export function onDisconnect(response: ServerResponse, happen: () => void): void {
  if (response.destroyed) happen();
  response.once('close', () => {
    if (!response.writableFinished) happen();
  });
}
