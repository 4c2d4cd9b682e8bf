import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  importExtension: '.ts',
  generates: {
    'src/graphql/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        federation: true,
        avoidOptionals: { defaultValue: true },
        useTypeImports: true,
        enumsAsTypes: true,
        contextType: '../resolvers/context.ts#Context',
        scalars: { DateTime: { input: 'Date', output: 'Date' }, JSON: { input: 'unknown', output: 'unknown' } },
        mappers: {
          Job: '../resolvers/parents.ts#JobParent',
          JobCancellation: '../../history/cancellation.ts#Cancellation',
          JobCancellationConnection: '../resolvers/parents.ts#CancellationPage',
          JobFailure: '../resolvers/parents.ts#JobFailureParent',
          JobStep: '../resolvers/parents.ts#JobStepParent',
          JobLogConnection: '../resolvers/parents.ts#JobLogParent',
          JobSystem: '../../job-service/served-system.ts#ServedSystem as JobSystemParent',
          JobConnection: '../../listing/list-jobs.ts#JobPage',
          SystemPage: '../../listing/system-page.ts#SystemPage as SystemPageParent',
          JobCounts: '../resolvers/parents.ts#JobCountsParent',
          JobCountBucket: '../resolvers/parents.ts#BucketParent',
          JobCount: '../resolvers/parents.ts#CountParent',
          SystemJobCount: '../../job-service/job-counts.ts#CountedSystem',
          JobListPage: '../resolvers/parents.ts#ListEventParent<"page">',
          JobEntered: '../resolvers/parents.ts#ListEventParent<"entered">',
          JobChanged: '../resolvers/parents.ts#ListEventParent<"changed">',
          JobLeft: '../resolvers/parents.ts#ListEventParent<"left">',
          JobListSystems: '../resolvers/parents.ts#ListEventParent<"systems">',
          BulkPreview: '../../bulk/preview.ts#BulkPreview as BulkPreviewParent',
          BulkSystemPreview: '../../bulk/preview.ts#SystemPreview',
          BulkOperation: '../../bulk/operation.ts#BulkOperation as BulkOperationParent',
          BulkItem: '../resolvers/parents.ts#BulkItemParent',
          SystemHealth: '../resolvers/parents.ts#HealthParent',
          CancelSuccess: '../resolvers/parents.ts#SuccessParent',
          JobActionSuccess: '../resolvers/parents.ts#SuccessParent',
        },
      },
    },
    'test/clients/codegen/generated/': {
      preset: 'client',
      documents: 'test/clients/codegen/operations.ts',
      presetConfig: { fragmentMasking: false },
      config: { useTypeImports: true, enumsAsTypes: true, scalars: { DateTime: 'string', JSON: 'unknown' } },
    },
    'test/clients/generated/schema.graphql': { plugins: ['./test/clients/schema-plugin.ts'] },
    'console/src/api/generated/': {
      preset: 'client',
      documents: 'console/src/**/*.graphql',
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: { documentMode: 'string', useTypeImports: true, enumsAsTypes: true, scalars: { DateTime: 'string', JSON: 'unknown' } },
    },
    'test/clients/generated/introspection.d.ts': { plugins: ['./test/clients/introspection-plugin.ts'] },
  },
};

export default config;
