/** The types of jobs that lists show unless a request names others. */
export const listedJobTypes: ReadonlySet<string> = new Set([
  'INDEX_REFRESH',
  'INDEX_MERGE',
  'INDEX_BUILD',
  'INC_BUILD',
  'LAYOUT_DATA_OPTIMIZE',
  'SUB_PARTITION_BUILD',
  'SUB_PARTITION_REFRESH',
  'SNAPSHOT_BUILD',
  'SNAPSHOT_REFRESH',
  'INTERNAL_TABLE_BUILD',
  'INTERNAL_TABLE_REFRESH',
  'INTERNAL_TABLE_DELETE_PARTITION',
  'STREAMING_MERGE',
  'STREAMING_BUILD',
  'TABLE_SAMPLING',
  'STAGE',
]);

const hiddenJobTypes: ReadonlySet<string> = new Set(['ASYNC_QUERY', 'ROUTINE', 'META', 'SOURCE_USAGE', 'AUTO_REFRESH']);

export function isJobType(name: string): boolean {
  return listedJobTypes.has(name) || hiddenJobTypes.has(name);
}
