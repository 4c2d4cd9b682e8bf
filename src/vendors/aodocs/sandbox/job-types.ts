/** What the tasks of a job are about, and how many a usual job has. */
export interface TypeProfile {
  noun: string;
  tasks: readonly [low: number, high: number];
}

const documents: TypeProfile = { noun: 'document', tasks: [40, 2400] };
const folders: TypeProfile = { noun: 'folder', tasks: [10, 600] };
const files: TypeProfile = { noun: 'file', tasks: [20, 900] };
const permissions: TypeProfile = { noun: 'permission', tasks: [30, 1500] };
const oneDocument: TypeProfile = { noun: 'document', tasks: [1, 4] };
const oneFile: TypeProfile = { noun: 'file', tasks: [1, 3] };
const accounts: TypeProfile = { noun: 'account', tasks: [5, 240] };
const indexes: TypeProfile = { noun: 'index entry', tasks: [8, 400] };

/** The job types of version 69.4 of the API. The list is internal to AODocs and grows between minor releases. */
export const typeProfiles: Readonly<Record<string, TypeProfile>> = {
  UNKNOWN: oneDocument,
  IMPORT_FOLDER: folders,
  DELETE_FOLDER: folders,
  RESTORE_FOLDER: folders,
  PERMANENTLY_DELETE_FOLDER: folders,
  MOVE_FOLDER: folders,
  FOLDER_CACHE_UPDATE: folders,
  DELETE_DOCUMENTS_AND_FOLDERS: documents,
  PERMANENTLY_DELETE_DOCUMENTS_AND_FOLDERS: documents,
  TRASH_DOCUMENTS: documents,
  COPY_FILE: oneFile,
  COPY_FILE_RESUMABLE: oneFile,
  CREATE_FOLDER_MAINTENANCE: folders,
  REVERT_VERSION: oneDocument,
  RESTORE_VERSION: oneDocument,
  MOVE_DOCUMENTS_AND_FOLDERS: documents,
  DELETE_VERSIONEDDOCUMENT: oneDocument,
  CREATE_DOCUMENTS: documents,
  CHECK_OUT_DOCUMENT: oneDocument,
  CHECK_IN_DOCUMENT: oneDocument,
  IMPORT_PREPROCESS: files,
  IMPORT: documents,
  REVERT: documents,
  DUPLICATE_FOLDER_STRUCTURE: folders,
  EXPORT_FOLDER: folders,
  EXPORT_FILE: oneFile,
  PUSH_TO_DRIVE: files,
  APPLY_PERMISSIONS_TO_ALL_CHILDREN: permissions,
  DRIVE_SCAN: files,
  FIX_PERMISSION_PROPAGATION: permissions,
  LIBRARY_COPY_CONTENT: documents,
  EXPORT_TO_LIBRARY: documents,
  LIBRARY_DELETE: documents,
  REPLACE_FOLDER: folders,
  BACKUP: documents,
  MARK_STORED_EMAIL_DELIVERED: oneDocument,
  CONCURRENCY_TEST: accounts,
  CLEAN_CATEGORY: indexes,
  VALIDATE_DOCUMENTS: documents,
  CREATE_DOCUMENT_ASYNC: oneDocument,
  CREATE_DOCUMENT_FROM_INBOUND_EMAIL: oneDocument,
  UPDATE_GROUP_MEMBERSHIP_CACHE: accounts,
  SET_PERMISSION_ID_FOR_USERS: accounts,
  PATCH_DOCUMENT_ASYNC: oneDocument,
  UPDATE_ATTACHMENT: oneFile,
  UPDATE_STORAGE_ACCOUNT_QUOTA_USAGE: accounts,
  COPY_DOCUMENT_WITH_VERSIONS: oneDocument,
  REFRESH_INDEX_STAT: indexes,
  VERIFY_SUBDOMAIN_EXISTENCE: accounts,
  CREATE_DOCUMENT_WITH_VERSIONS_ASYNC_V1: oneDocument,
  REMOVE_EXPLICIT_PERMISSIONS_FROM_TF: permissions,
  CHANGE_LIBRARY_TYPE: documents,
  LIBRARY_OWNERSHIP_CHANGE: files,
  LIBRARY_PERMISSION_EXTRACTION: permissions,
  SEND_NOTIFICATION_REMINDERS: accounts,
  CHECK_ANYONE_INCONSISTENCIES: permissions,
  PURGE_DOMAIN: accounts,
  BLACKLIST_USERS: accounts,
  PROPAGATE_OUTDATED_CATEGORY_VALUE_PROPERTY: documents,
  CACHE_DRIVE_SEARCH: files,
  VALIDATE_DOCUMENT_WORKFLOW_TRANSITION: oneDocument,
  FIX_INHERITED_PERMISSIONS_DISABLED: permissions,
  MAKE_LIBRARY_PUBLIC: permissions,
  MIGRATE_SF_PUBLIC_TO_PRIVATE: permissions,
};

export const jobTypes: readonly string[] = Object.keys(typeProfiles);

/** A type that no published list has, as a newer server would send. */
export const unpublishedType = 'RETENTION_POLICY_SWEEP';

/** What people start all day, the frequent ones more than once. */
export const everydayTypes: readonly string[] = [
  'IMPORT',
  'IMPORT',
  'IMPORT_FOLDER',
  'MOVE_DOCUMENTS_AND_FOLDERS',
  'MOVE_DOCUMENTS_AND_FOLDERS',
  'MOVE_FOLDER',
  'DELETE_DOCUMENTS_AND_FOLDERS',
  'TRASH_DOCUMENTS',
  'EXPORT_FOLDER',
  'EXPORT_TO_LIBRARY',
  'CREATE_DOCUMENT_ASYNC',
  'PATCH_DOCUMENT_ASYNC',
  'PATCH_DOCUMENT_ASYNC',
  'VALIDATE_DOCUMENTS',
  'APPLY_PERMISSIONS_TO_ALL_CHILDREN',
  'FIX_PERMISSION_PROPAGATION',
  'LIBRARY_PERMISSION_EXTRACTION',
  'DRIVE_SCAN',
  'BACKUP',
];

/** The profile of any type, published or not. */
export function profileOf(type: string): TypeProfile {
  return typeProfiles[type] ?? documents;
}
