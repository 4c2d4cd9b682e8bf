import type { SandboxRequest } from '../../../sandbox-kit/exchange.ts';
import type { ApiVersion } from './api-version.ts';
import type { Envelope } from './envelope.ts';
import type { LimitUse } from './limits.ts';
import type { Session } from './session.ts';

/** The X-VaultAPI-… headers of a response. On a login the burst headers describe the login limit. */
export function vaultHeaders(facts: {
  request: SandboxRequest;
  envelope: Envelope;
  version: ApiVersion | undefined;
  session: Session | undefined;
  use: LimitUse | undefined;
  executionId: string;
  isXml: boolean;
}): Record<string, string> {
  const { request, envelope, session, use, executionId } = facts;
  const version = facts.version?.number ?? Number.POSITIVE_INFINITY;
  const headers: Record<string, string> = {
    'Content-Type': `application/${facts.isXml ? 'xml' : 'json'};charset=UTF-8`,
    'X-VaultAPI-ExecutionId': executionId,
  };
  if (use) {
    headers['X-VaultAPI-BurstLimit'] = String(use.limit);
    headers['X-VaultAPI-BurstLimitRemaining'] = String(use.remaining);
    if (use.delayMs > 0) headers['X-VaultAPI-ResponseDelay'] = String(use.delayMs);
  }
  if (session) {
    headers['X-VaultAPI-VaultId'] = String(session.vaultId);
    headers['X-VaultAPI-UserId'] = String(session.user.id);
    if (session.id !== '') headers['X-VaultAPI-TruncatedSessionId'] = session.id.slice(0, 20);
  }
  if (version >= 232) headers['X-VaultAPI-Status'] = envelope.body.responseStatus;
  const referenceId = request.headers['x-vaultapi-referenceid'];
  if (version >= 233 && typeof referenceId === 'string') headers['X-VaultAPI-ReferenceId'] = referenceId;
  if (version <= 203) {
    headers['X-VaultAPI-DailyLimit'] = '999999';
    headers['X-VaultAPI-DailyLimitRemaining'] = '999999';
  }
  return headers;
}

/** `{company}-{organization}-…`: letters, digits, `.` `_` `-`, at most 100 characters. */
export function hasValidClientId(request: SandboxRequest): boolean {
  const clientId = request.headers['x-vaultapi-clientid'];
  return typeof clientId === 'string' && /^[\w.-]{1,100}$/.test(clientId);
}
