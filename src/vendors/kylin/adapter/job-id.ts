/** Most IDs are a UUID; jobs on a model have the model's ID after it (JobParam). */
const jobIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-[\w.-]{1,100})?$/;

/** Why this text can't be a job's ID, or null. */
export function checkVendorId(vendorId: string): string | null {
  return jobIdPattern.test(vendorId) ? null : 'A Kylin job ID is, or begins with, a UUID in lowercase.';
}
