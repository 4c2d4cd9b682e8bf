/** Why Kylin rejects a request, as in its error envelope. */
export interface Rejection {
  status: 400 | 401 | 500;
  errorCode: string | null;
  msg: string;
  exception: string;
  suggestion: string | null;
  /** The Java class in the stack trace. */
  exceptionClass: string;
}

const kylinException = 'org.apache.kylin.common.exception.KylinException';

/** Newer codes: `KE-010032219: text`. */
function reject(status: Rejection['status'], errorCode: string, text: string): Rejection {
  const msg = `${errorCode}: ${text}`;
  return { status, errorCode, msg, exception: msg, suggestion: '', exceptionClass: kylinException };
}

/** Older codes: `KE-010024001(No access):text`, and `suggestion` null. */
function rejectInOldFormat(status: Rejection['status'], errorCode: string, title: string, text: string): Rejection {
  const msg = `${errorCode}(${title}):${text}`;
  return { status, errorCode, msg, exception: msg, suggestion: null, exceptionClass: kylinException };
}

/** Whatever Kylin did not foresee: HTTP 500 without an `error_code`. */
export function unexpected(text: string, exceptionClass = 'java.lang.RuntimeException'): Rejection {
  return {
    status: 500,
    errorCode: null,
    msg: `KE-000000001(UNKNOWN ERRORCODE): ${text}`,
    exception: text,
    suggestion: null,
    exceptionClass,
  };
}

export function jsonSyntaxError(text: string): Rejection {
  const exceptionClass = 'com.fasterxml.jackson.core.JsonParseException';
  return {
    status: 500,
    errorCode: null,
    msg: `KE-000030001(Failed Parse Json): ${text}`,
    exception: text,
    suggestion: null,
    exceptionClass,
  };
}

export const notLoggedIn = (): Rejection => reject(401, 'KE-010003207', "Can't authenticate. Please login again.");

export const wrongLogin = (): Rejection => reject(401, 'KE-010003208', 'Invalid username or password. Please check and try again.');

export const accountLocked = (username: string, seconds: number): Rejection =>
  rejectInOldFormat(
    400,
    'KE-010003005',
    'User Locked',
    Number.isFinite(seconds)
      ? `For security concern, account ${username} has been locked. Please try again in ${seconds} seconds.`
      : `User ${username} is locked permanently. Please contact your administrator.`,
  );

export const accessDenied = (): Rejection => rejectInOldFormat(400, 'KE-010024001', 'No access', "The user doesn't have access.");

export const permissionUnknown = (permission: string): Rejection =>
  rejectInOldFormat(400, 'KE-010024001', 'No access', `Operation failed, unknown permission:${permission}`);

/** HTTP 400 if the framework requires the query parameter, 500 if Kylin itself requires the field. */
export const parameterEmpty = (status: 400 | 500, name: string): Rejection =>
  reject(status, 'KE-010043201', `Request parameter "${name}" is empty or value is empty. Please check the request parameters.`);

/** HTTP 400 if the framework can't convert a value, 500 if Kylin itself rejects it. */
export const parameterInvalid = (status: 400 | 500, text: string): Rejection =>
  rejectInOldFormat(status, 'KE-010000003', 'Invalid Parameter', text);

export const actionUnknown = (): Rejection =>
  reject(500, 'KE-010043207', 'The entered parameter "action" is invalid, only supports "RESUME, DISCARD, PAUSE, RESTART" at the moment.');

export const projectEmpty = (): Rejection =>
  rejectInOldFormat(500, 'KE-010001002', 'Empty Project Name', "Can't find project information. Please select a project.");

export const projectUnknown = (project: string): Rejection =>
  reject(500, 'KE-010001201', `Can't find project "${project}". Please check and try again.`);

export const jobUnknown = (id: string): Rejection => reject(500, 'KE-010032219', `Can't find job "${id}". Please check and try again.`);

export const jobStatusUnknown = (): Rejection =>
  reject(
    500,
    'KE-010032212',
    'The selected job status is invalid. The value of status must be "PENDING", "RUNNING", "FINISHED", "ERROR", "DISCARDED" or "STOPPED".',
  );

export const jobTypeUnknown = (): Rejection => reject(500, 'KE-010032222', 'Job type does not exist, please modify and try again.');

export const noJobSelected = (action: string): Rejection =>
  reject(500, 'KE-010032213', `At least one job should be selected to ${action}.`);

export const actionForbidden = (publicStatus: string, allowed: string): Rejection =>
  reject(
    500,
    'KE-010032217',
    `Invalid value in parameter "action" or "statuses" or "job_ids". The value of "statuses" or the status of jobs specified by "job_ids" contains "${publicStatus}", this status of jobs can only perform the following actions: "${allowed}".`,
  );

export const updateRejected = (action: string, id: string, internalState: string): Rejection =>
  reject(500, 'KE-010032211', `Can't ${action} job "${id}", as it is in ${internalState} status.`);

export const transitionIllegal = (): Rejection =>
  reject(500, 'KE-010032215', "Can't perform current operation, as an error occurred when updating the job status.");

export const forwardFailed = (text: string): Rejection => rejectInOldFormat(500, 'KE-000027004', 'Failed Forward Metadata Action', text);

export const rejectedOnQueryNode = (): Rejection =>
  reject(500, 'KE-040023203', "Can't execute this request on Query node. Please check and try again.");

export const inMaintenance = (): Rejection =>
  reject(500, 'KE-040024201', "Can't operate Metadata at the moment, as system is in maintenance mode.");

export const recovering = (): Rejection => reject(500, 'KE-040021201', 'System is trying to recover service. Please try again later.');

export const noJobNodeAlive = (): Rejection =>
  rejectInOldFormat(500, 'KE-010021004', 'No Active All Node', 'There is no active all node. Please contact your administrator.');
