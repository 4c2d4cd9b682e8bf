/** Most ids are a UUID; jobs on a model have the model's id behind it (JobParam). */
const jobIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-[\w.-]{1,100})?$/;

/** Why a text can't be a job's id, or null. */
export function checkVendorId(vendorId: string): string | null {
  return jobIdPattern.test(vendorId) ? null : 'A Kylin job id is, or begins with, a UUID in lower case.';
}
