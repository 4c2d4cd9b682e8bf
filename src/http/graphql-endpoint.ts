import type { IncomingMessage, ServerResponse } from 'node:http';
import { tooManyBytes } from '../access/accounts.ts';
import type { Authentication } from '../access/authenticate.ts';
import type { Caller } from '../access/caller.ts';
import type { Revocations } from '../access/revocations.ts';
import type { ShareRejection } from '../access/share-rejection.ts';
import type { Place, Shares } from '../access/shares.ts';
import { systemClock } from '../concurrency/clock.ts';
import { turns } from '../concurrency/turns.ts';
import type { Limits } from '../config/limits.ts';
import type { GraphqlParameters } from '../graphql/operation.ts';
import { labelOf, readParameters } from '../graphql/parameters.ts';
import { createRequestContext, onDisconnect, requestIdOf } from '../graphql/request-context.ts';
import { statusOfRejection } from '../graphql/response-status.ts';
import { inSpan, type OperationParts } from '../graphql/run-operation.ts';
import { type Admission, toRateRejection } from './admission.ts';
import type { EventStreams } from './event-stream.ts';
import { letContinue } from './expectation.ts';
import { announcedBytes, type Body, readJsonBody } from './read-body.ts';
import type { RecordRejection } from './rejections.ts';
import type { ErrorResponse } from './response-headers.ts';
import { send, sendError } from './send.ts';

export interface GraphqlEndpointOptions extends OperationParts {
  admission: Admission;
  eventStreams: EventStreams;
  shares: Shares;
  revocations: Revocations;
  limits: Limits;
  recordRejection: RecordRejection;
}

export type GraphqlEndpoint = (request: IncomingMessage, response: ServerResponse, search: string) => Promise<void>;

type Rejected = { kind: 'rejected' } & ErrorResponse;

/** GraphQL over HTTP: authenticates and limits the caller, runs the operation, and writes one log line. */
export function createGraphqlEndpoint(options: GraphqlEndpointOptions): GraphqlEndpoint {
  const { admission, eventStreams, limits } = options;
  const reject = (response: ServerResponse, caller: Caller | null, { status, code, message, headers }: ErrorResponse): void => {
    const requestId = requestIdOf(response.req.headers);
    options.recordRejection({ status, code, caller, requestId, transport: 'http' });
    const responseStatus = code === 'GRAPHQL_VALIDATION_FAILED' ? statusOfRejection(response.req.headers.accept) : status;
    sendError(response, responseStatus, code, message, { ...headers, 'x-request-id': requestId });
  };

  return async (request, response, search) => {
    const startedAtMs = performance.now();
    const authentication = await admission.authenticate(request.headers);
    if (authentication.kind !== 'caller') return reject(response, null, toUnauthenticated(authentication));
    const { caller: sender } = authentication;
    const waitSeconds = await admission.consumeRateLimit(sender);
    const entry = waitSeconds > 0 ? toRejected(toRateRejection(sender, waitSeconds)) : enter(request, sender, options);
    if (entry.kind === 'rejected') return reject(response, sender, entry);
    const { place } = entry;
    response.once('close', place.leave);
    if (response.destroyed) place.leave();
    if (announcedBytes(request) <= limits.maxBodyBytes) letContinue(response);
    const access = watchAccess(sender, options.revocations);
    const body = await readJsonBody(request, limits.maxBodyBytes, {
      count: place.grow,
      takeTurn: (size) => turns.take(sender.name, size),
    }).finally(access.stop);
    // A body can take minutes: a caller that has lost access meanwhile must not start an operation.
    const authenticated = access.hasChanged() ? await admission.authenticate(request.headers) : authentication;
    if (authenticated.kind !== 'caller') return reject(response, null, toUnauthenticated(authenticated));
    const { caller } = authenticated;
    const read = readOperation(request, body, search, sender, options);
    if (read.kind === 'rejected') return reject(response, sender, read);
    const { parameters } = read;
    if (eventStreams.isWanted(request, parameters)) return eventStreams.open(request, response, { caller, parameters, place });
    const asked = { caller, place, search, body: read.body, parameters, operationName: labelOf(parameters), startedAtMs };
    return answer(response, asked, options);
  };
}

function toUnauthenticated({ kind, message }: Exclude<Authentication, { kind: 'caller' }>): ErrorResponse {
  return kind === 'rejected'
    ? { status: 401, code: 'UNAUTHENTICATED', message, headers: { 'www-authenticate': 'Bearer realm="jobyard"' } }
    : { status: 503, code: 'IDENTITY_PROVIDER_UNAVAILABLE', message, headers: { 'retry-after': '5' } };
}

function toRejected({ status, code, message, retryAfterSeconds }: ShareRejection): Rejected {
  return { kind: 'rejected', status, code, message, headers: { 'retry-after': String(retryAfterSeconds) } };
}

/** Admits a request before its body is read. */
function enter(
  request: IncomingMessage,
  caller: Caller,
  { shares, limits }: GraphqlEndpointOptions,
): { kind: 'entered'; place: Place } | Rejected {
  const { 'content-encoding': coding = '' } = request.headers;
  if (!/^(?:identity)?$/i.test(coding)) {
    const message = `Content-Encoding: expected "identity" or nothing, got "${coding.slice(0, 100)}".`;
    return { kind: 'rejected', status: 415, code: 'BAD_REQUEST', message, headers: { 'accept-encoding': 'identity' } };
  }
  const announced = announcedBytes(request);
  // A body that is too large isn't read and needs no room.
  const entry = shares.enter(caller, announced > limits.maxBodyBytes ? 0 : announced);
  return entry.kind === 'rejected' ? toRejected(entry) : entry;
}

/** Detects that the caller's access changed or its token expired. */
function watchAccess({ name, expiresAtMs }: Caller, revocations: Revocations) {
  let isRevoked = false;
  const stop = revocations.watch(name, () => {
    isRevoked = true;
  });
  return { stop, hasChanged: (): boolean => isRevoked || (expiresAtMs !== null && systemClock.nowMs() >= expiresAtMs) };
}

/** Reads the parameters of the operation, and the body that they came in. `body` is undefined without one, or with another content type. */
function readOperation(
  request: IncomingMessage,
  body: Body,
  search: string,
  sender: Caller,
  { limits, admission, graphql }: GraphqlEndpointOptions,
): { kind: 'operation'; parameters: GraphqlParameters; body: unknown } | Rejected {
  const malformed = (message: string): Rejected => ({ kind: 'rejected', status: 400, code: 'BAD_REQUEST', message });
  if (body.kind === 'too-large') {
    return {
      kind: 'rejected',
      status: 413,
      code: 'BAD_REQUEST',
      message: `The body is larger than ${limits.maxBodyBytes} bytes (maxBodyBytes).`,
    };
  }
  if (body.kind === 'no-room') {
    return toRejected(tooManyBytes(sender.name, limits));
  }
  if (body.kind === 'malformed') return malformed(`Can't read the body as JSON: ${body.message}`);
  const value = body.kind === 'json' ? body.value : undefined;
  const read = readParameters(request.method, value, search);
  if (read.kind === 'malformed') return malformed(read.message);
  const found = graphql.findDocument(read.parameters, sender);
  if (found.kind === 'rejected') return found;
  const { parameters } = found;
  const rejection = parameters.query === undefined ? null : admission.checkDocument(parameters.query);
  if (rejection !== null) return { kind: 'rejected', status: 400, code: 'GRAPHQL_VALIDATION_FAILED', message: rejection };
  return { kind: 'operation', parameters, body: value };
}

/** A query or mutation of an authenticated caller. */
interface Asked {
  caller: Caller;
  place: Place;
  search: string;
  body: unknown;
  parameters: GraphqlParameters;
  operationName: string | null;
  startedAtMs: number;
}

async function answer(response: ServerResponse, asked: Asked, options: GraphqlEndpointOptions): Promise<void> {
  const { caller, place, operationName } = asked;
  const { method = 'GET', headers } = response.req;
  const onGone = (abort: () => void): void => onDisconnect(response, abort);
  const context = createRequestContext({ headers, onGone, caller, place, operationName, deadlineMs: options.deadlineMs });
  const request = { method, headers, search: asked.search, body: asked.body, parameters: asked.parameters };
  const begin = { beginOperation: () => options.beginOperation(context), beginWork: context.beginWork };
  const answered = await inSpan(context, headers, () => options.graphql.handle(request, begin), context.finish);
  const { status, body } = answered;
  place.grow(body.length);
  send(response, status, { ...answered.headers, 'x-request-id': context.requestId }, body);

  const durationMs = performance.now() - asked.startedAtMs;
  options.metrics.observeOperation(status, durationMs / 1000);
  const { requestId, vendorRequests } = context;
  const entry = { requestId, operation: operationName, caller: caller.name, status, durationMs: Math.round(durationMs) };
  options.logger.info({ ...entry, vendorRequests: vendorRequests.count }, 'graphql');
}
