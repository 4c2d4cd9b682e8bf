import { jsonSyntaxError, type Rejection, unexpected } from './rejections.ts';

/** The body of PUT /jobs/status, converted as Kylin's JSON library does: scalars become text, unknown fields are ignored. */
export interface UpdateRequest {
  action: string | null;
  project: string | null;
  jobIds: (string | null)[] | null;
  statuses: (string | null)[] | null;
}

export function readUpdateRequest(contentType: string | undefined, body: string): UpdateRequest | Rejection {
  if (!isJson(contentType)) {
    return unexpected(
      `Content type '${contentType ?? 'application/octet-stream'}' not supported`,
      'org.springframework.web.HttpMediaTypeNotSupportedException',
    );
  }
  if (body.trim() === '') return notReadable('Required request body is missing');
  const fields = parseJson(body);
  if (fields === undefined) return jsonSyntaxError('Unexpected character in the request body');
  if (fields === null) return notReadable('Required request body is missing');
  if (typeof fields !== 'object' || Array.isArray(fields)) return cannotConvert('JobUpdateRequest');
  const request = {
    action: toText(fieldOf(fields, 'action')),
    project: toText(fieldOf(fields, 'project')),
    jobIds: Object.hasOwn(fields, 'job_ids') ? toTexts(fieldOf(fields, 'job_ids')) : [],
    statuses: toTexts(fieldOf(fields, 'statuses')),
  };
  return isConverted(request) ? request : cannotConvert('JobUpdateRequest');
}

/** The project a request names in its JSON body, for the filter in front of all controllers; null: none, or not readable. */
export function projectInBody(contentType: string | undefined, body: string): string | null {
  if (!contentType?.includes('json')) return null;
  const fields = parseJson(body);
  return typeof fields === 'object' && fields !== null ? (toText(fieldOf(fields, 'project')) ?? null) : null;
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType ?? '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldOf(fields: object, name: string): unknown {
  return Object.entries(fields).find(([key]) => key === name)?.[1] ?? null;
}

/** Undefined: not a text and not to be made one. */
function toText(value: unknown): string | null | undefined {
  if (value === null) return null;
  return typeof value === 'object' ? undefined : String(value);
}

function toTexts(value: unknown): (string | null | undefined)[] | null | undefined {
  if (value === null) return null;
  return Array.isArray(value) ? value.map(toText) : undefined;
}

function isConverted(request: Record<keyof UpdateRequest, unknown>): request is Record<keyof UpdateRequest, unknown> & UpdateRequest {
  const values = [request.action, request.project, request.jobIds, request.statuses];
  return values.flat().every((value) => value !== undefined);
}

function notReadable(text: string): Rejection {
  return unexpected(text, 'org.springframework.http.converter.HttpMessageNotReadableException');
}

function cannotConvert(type: string): Rejection {
  return unexpected(`Cannot deserialize value of type ${type}`, 'com.fasterxml.jackson.databind.exc.MismatchedInputException');
}
