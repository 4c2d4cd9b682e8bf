import { hash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Caller } from '../access/caller.ts';
import type { ShareRejection } from '../access/share-rejection.ts';
import type { Place } from '../access/shares.ts';
import { resolvingMs } from '../actions/perform-action.ts';
import { turns } from '../concurrency/turns.ts';

/** A GraphQL request: its caller, its deadline, and its vendor requests so far. */
export interface RequestContext {
  /** For logs, the audit log, and the response header. */
  requestId: string;
  caller: Caller;
  operationName: string | null;
  /** Aborted when the client disconnected or the deadline passed. */
  readSignal: AbortSignal;
  /** Aborted when the deadline passed. */
  actSignal: AbortSignal;
  /** Aborted before `actSignal`, when no more actions may be sent. */
  sendSignal: AbortSignal;
  /** The caller's own vendor credentials, by system ID. */
  credentialFor(systemId: string): string | null;
  beginWork: BeginWork;
  /** The vendor requests made so far. */
  vendorRequests: { count: number };
  /** Must be called at the end: stops the timer of the deadline. */
  finish(): void;
}

/** Waits until an operation of this cost may start. Returns why it may not, or null. */
export type BeginWork = (cost: number) => Promise<ShareRejection | null>;

const plainWord = /^[\w.:-]{1,100}$/;

export interface RequestParts extends Pick<RequestContext, 'caller' | 'operationName'> {
  headers: IncomingHttpHeaders;
  /** Calls the function if the client stops waiting for the response. */
  onGone(abort: () => void): void;
  deadlineMs: number;
  /** The place of the request. None for an event of a subscription, which takes turns. */
  place?: Place;
  /** Default: from the headers. */
  requestId?: string;
  /** The request that this event's subscription belongs to. */
  partOf?: RequestContext;
}

/** The client's `x-request-id` if it is a plain word, otherwise a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && plainWord.test(given) ? given : randomUUID();
}

export function createRequestContext({ headers, onGone, deadlineMs, place, requestId, partOf, ...parts }: RequestParts): RequestContext {
  const act = new AbortController();
  const send = new AbortController();
  const read = new AbortController();
  const settleForMs = resolvingMs(deadlineMs);
  const timeIsUp = (): DOMException => new DOMException('The deadline passed', 'TimeoutError');
  const expire = (): void => {
    const reason = timeIsUp();
    act.abort(reason);
    read.abort(reason);
  };
  // Concurrent requests end together, and each may have hundreds of pages that end with it: requests of others run in between.
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
  // No getters, here and below: each object with its own getter has its own hidden class, which keeps everything that the getter can reach
  // in memory until the next full collection.
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

/** A key for the caller's own vendor credentials; '' without any. Doesn't reveal them. */
export function keyOfCredentials(headers: IncomingHttpHeaders): string {
  const names = Object.keys(headers).filter((name) => name.startsWith(credentialHeader));
  return names.length === 0 ? '' : hash('sha256', JSON.stringify(names.sort().map((name) => [name, headers[name]])));
}

/** Calls the function if the client disconnects before the response was sent. */
export function onDisconnect(response: ServerResponse, happen: () => void): void {
  if (response.destroyed) happen();
  response.once('close', () => {
    if (!response.writableFinished) happen();
  });
}
