/**
 * @generated SignedSource<<765bafcc06349efb7349f5e0b182d306>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type JobStatus = "CANCELLED" | "CANCELLING" | "FAILED" | "PAUSED" | "QUEUED" | "RUNNING" | "SCHEDULED" | "SUCCEEDED" | "UNKNOWN" | "%future added value";
export type ProblemCode = "ACCESS_DENIED" | "ACTION_NOT_SUPPORTED" | "BULK_OPERATION_NOT_FOUND" | "CHANGED_SINCE_PREVIEW" | "IDEMPOTENCY_CONFLICT" | "INCOMPLETE_LIST" | "INCOMPLETE_LOG" | "INCOMPLETE_SELECTION" | "INVALID_ID" | "INVALID_VENDOR_RESPONSE" | "JOB_NOT_FOUND" | "NOT_ATTEMPTED" | "NOT_ELIGIBLE" | "NO_JOBS_MATCHED" | "OUTCOME_UNKNOWN" | "PREVIEW_NOT_FOUND" | "RATE_LIMITED" | "SCAN_LIMIT_REACHED" | "STORE_UNAVAILABLE" | "SYSTEM_NOT_FOUND" | "SYSTEM_UNAVAILABLE" | "TIMED_OUT" | "TOO_MANY_JOBS" | "VENDOR_AUTHENTICATION_FAILED" | "VENDOR_REJECTED" | "WRONG_STATUS" | "%future added value";
export type SuccessOutcome = "ACCEPTED" | "ALREADY_DONE" | "CONFIRMED" | "DRY_RUN_PASSED" | "JOB_GONE" | "%future added value";
export type CancelJobsInput = {
  dryRun?: boolean;
  idempotencyKey?: string | null | undefined;
  ids: ReadonlyArray<string>;
  reason?: string | null | undefined;
  waitSeconds?: number;
};
export type jobListCancelMutation$variables = {
  input: CancelJobsInput;
};
export type jobListCancelMutation$data = {
  readonly cancelJobs: {
    readonly results: ReadonlyArray<{
      readonly __typename: string;
      readonly code?: ProblemCode;
      readonly job?: {
        readonly status: JobStatus;
      };
      readonly jobId?: string;
      readonly message?: string;
      readonly outcome?: SuccessOutcome;
    }>;
  };
};
export type jobListCancelMutation = {
  response: jobListCancelMutation$data;
  variables: jobListCancelMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "__typename",
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "jobId",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "outcome",
  "storageKey": null
},
v5 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "status",
  "storageKey": null
},
v6 = {
  "alias": null,
  "args": null,
  "concreteType": "Job",
  "kind": "LinkedField",
  "name": "job",
  "plural": false,
  "selections": [
    (v5/*:: as any*/)
  ],
  "storageKey": null
},
v7 = {
  "kind": "InlineFragment",
  "selections": [
    (v3/*:: as any*/),
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "message",
      "storageKey": null
    }
  ],
  "type": "JobError",
  "abstractKey": "__isJobError"
},
v8 = {
  "alias": null,
  "args": null,
  "concreteType": "Job",
  "kind": "LinkedField",
  "name": "job",
  "plural": false,
  "selections": [
    (v5/*:: as any*/),
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "id",
      "storageKey": null
    }
  ],
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "jobListCancelMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "CancelJobsPayload",
        "kind": "LinkedField",
        "name": "cancelJobs",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": null,
            "kind": "LinkedField",
            "name": "results",
            "plural": true,
            "selections": [
              (v2/*:: as any*/),
              {
                "kind": "InlineFragment",
                "selections": [
                  (v3/*:: as any*/),
                  (v4/*:: as any*/),
                  (v6/*:: as any*/)
                ],
                "type": "CancelSuccess",
                "abstractKey": null
              },
              (v7/*:: as any*/),
              {
                "kind": "InlineFragment",
                "selections": [
                  (v6/*:: as any*/)
                ],
                "type": "ActionNotAllowed",
                "abstractKey": null
              }
            ],
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "jobListCancelMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "CancelJobsPayload",
        "kind": "LinkedField",
        "name": "cancelJobs",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": null,
            "kind": "LinkedField",
            "name": "results",
            "plural": true,
            "selections": [
              (v2/*:: as any*/),
              {
                "kind": "InlineFragment",
                "selections": [
                  (v3/*:: as any*/),
                  (v4/*:: as any*/),
                  (v8/*:: as any*/)
                ],
                "type": "CancelSuccess",
                "abstractKey": null
              },
              (v7/*:: as any*/),
              {
                "kind": "InlineFragment",
                "selections": [
                  (v8/*:: as any*/)
                ],
                "type": "ActionNotAllowed",
                "abstractKey": null
              }
            ],
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "529bb3fbb4f4841015797624ccd0767d",
    "id": null,
    "metadata": {},
    "name": "jobListCancelMutation",
    "operationKind": "mutation",
    "text": "mutation jobListCancelMutation(\n  $input: CancelJobsInput!\n) {\n  cancelJobs(input: $input) {\n    results {\n      __typename\n      ... on CancelSuccess {\n        jobId\n        outcome\n        job {\n          status\n          id\n        }\n      }\n      ... on JobError {\n        __isJobError: __typename\n        jobId\n        code\n        message\n      }\n      ... on ActionNotAllowed {\n        job {\n          status\n          id\n        }\n      }\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "c2b378a38db1f01e98f31d16f810ff03";

export default node;
