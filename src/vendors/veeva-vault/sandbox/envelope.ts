import type { VaultSwitches } from './switches.ts';

/** A response in Vault's envelope: `body.responseStatus` is the outcome, whatever the HTTP status. */
export interface Envelope {
  httpStatus: number;
  body: { responseStatus: string; [key: string]: unknown };
}

export function success(fields: Record<string, unknown> = {}): Envelope {
  return { httpStatus: 200, body: { responseStatus: 'SUCCESS', ...fields } };
}

export function failure(type: string, message: string, httpStatus = 200): Envelope {
  return { httpStatus, body: { responseStatus: 'FAILURE', errors: [{ type, message }] } };
}

/** A path that leads nowhere: recorded from live Vaults with HTTP 404. */
export function malformedUrl(): Envelope {
  return failure('MALFORMED_URL', 'The specified resource cannot be found.', 404);
}

/** A method that the path does not have, or a call that this version of the API does not have. */
export function methodNotSupported(switches: VaultSwitches): Envelope {
  const message = 'The specified resource does not support this method, or not in this version of the API.';
  return failure('METHOD_NOT_SUPPORTED', message, switches.methodNotSupportedStatus);
}

export function insufficientAccess(permission: string): Envelope {
  return failure('INSUFFICIENT_ACCESS', `User does not have the permission [${permission}] that this call requires.`);
}
