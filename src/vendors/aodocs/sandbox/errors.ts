/** A request that AODocs' application rejects, before the framework writes the status down. */
export interface Rejection {
  rejected: true;
  /** The application's status, which is not always the one on the wire: see `errorOnTheWire`. */
  status: number;
  /** Default: the framework's word for the status. */
  reason?: string;
  message: string;
  headers?: Record<string, string>;
}

export function reject(status: number, message: string, reason?: string): Rejection {
  return { rejected: true, status, message, ...(reason === undefined ? {} : { reason }) };
}

export function isRejection(value: unknown): value is Rejection {
  return typeof value === 'object' && value !== null && 'rejected' in value;
}

interface Rule {
  reason: string;
  /** What exception compatibility makes of it. Default: the same. */
  compatible?: { status: number; reason: string };
}

const unsupported = { status: 404, reason: 'unsupportedProtocol' };

/** From ErrorMap of AODocs' fork of the Endpoints framework. */
const rules: Readonly<Record<number, Rule>> = {
  400: { reason: 'badRequest' },
  401: { reason: 'required' },
  402: { reason: 'paymentRequired', compatible: unsupported },
  403: { reason: 'forbidden' },
  404: { reason: 'notFound' },
  405: { reason: 'unsupportedMethod', compatible: { status: 501, reason: 'unsupportedMethod' } },
  406: { reason: 'notAcceptable', compatible: unsupported },
  407: { reason: 'proxyAuthentication', compatible: unsupported },
  408: { reason: 'requestTimeout', compatible: { status: 503, reason: 'backendError' } },
  409: { reason: 'conflict' },
  410: { reason: 'deleted' },
  411: { reason: 'lengthRequired', compatible: unsupported },
  412: { reason: 'conditionNotMet' },
  413: { reason: 'uploadTooLarge' },
  414: { reason: 'uriTooLong', compatible: unsupported },
  415: { reason: 'unsupportedMediaType', compatible: unsupported },
  416: { reason: 'rangeNotSatisfiable', compatible: unsupported },
  417: { reason: 'expectationFailed', compatible: unsupported },
};

/** The status and the envelope that a rejection has on the wire. `code` equals the HTTP status. */
export function errorOnTheWire(rejection: Rejection, exceptionCompatibility: boolean): { status: number; body: object } {
  const known = onTheWire(rejection.status, exceptionCompatibility);
  const reason = rejection.reason ?? known.reason;
  const { message } = rejection;
  return {
    status: known.status,
    body: { error: { errors: [{ domain: 'global', reason, message }], code: known.status, message } },
  };
}

function onTheWire(status: number, exceptionCompatibility: boolean): { status: number; reason: string } {
  if (status >= 500) return { status: exceptionCompatibility ? 503 : status, reason: 'backendError' };
  const rule = rules[status];
  if (!rule) return exceptionCompatibility ? unsupported : { status, reason: 'unsupportedProtocol' };
  return (exceptionCompatibility ? rule.compatible : undefined) ?? { status, reason: rule.reason };
}
