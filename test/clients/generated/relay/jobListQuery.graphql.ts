/**
 * @generated SignedSource<<504e9c1e9bcdc0eee23506c8c0c1d397>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type JobAction = "CANCEL" | "PAUSE" | "RESTART" | "RESUME" | "START" | "%future added value";
export type JobStatus = "CANCELLED" | "CANCELLING" | "FAILED" | "PAUSED" | "QUEUED" | "RUNNING" | "SCHEDULED" | "SUCCEEDED" | "UNKNOWN" | "%future added value";
export type JobFilter = {
  availableAction?: JobAction | null | undefined;
  createdFrom?: string | null | undefined;
  createdTo?: string | null | undefined;
  finishedFrom?: string | null | undefined;
  finishedTo?: string | null | undefined;
  ids?: ReadonlyArray<string> | null | undefined;
  owners?: ReadonlyArray<string> | null | undefined;
  scopes?: ReadonlyArray<string> | null | undefined;
  statuses?: ReadonlyArray<JobStatus> | null | undefined;
  systemIds?: ReadonlyArray<string> | null | undefined;
  text?: string | null | undefined;
  types?: ReadonlyArray<string> | null | undefined;
  vendors?: ReadonlyArray<string> | null | undefined;
};
export type jobListQuery$variables = {
  after?: string | null | undefined;
  filter?: JobFilter | null | undefined;
  first?: number | null | undefined;
};
export type jobListQuery$data = {
  readonly jobs: {
    readonly complete: boolean;
    readonly edges: ReadonlyArray<{
      readonly node: {
        readonly id: string;
        readonly name: string;
        readonly status: JobStatus;
      };
    }>;
    readonly pageInfo: {
      readonly endCursor: string | null | undefined;
      readonly hasNextPage: boolean;
    };
  };
};
export type jobListQuery = {
  response: jobListQuery$data;
  variables: jobListQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "after"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "filter"
},
v2 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "first"
},
v3 = {
  "kind": "Variable",
  "name": "filter",
  "variableName": "filter"
},
v4 = [
  {
    "alias": null,
    "args": null,
    "concreteType": "JobEdge",
    "kind": "LinkedField",
    "name": "edges",
    "plural": true,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Job",
        "kind": "LinkedField",
        "name": "node",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "name",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "status",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "__typename",
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "cursor",
        "storageKey": null
      }
    ],
    "storageKey": null
  },
  {
    "alias": null,
    "args": null,
    "concreteType": "PageInfo",
    "kind": "LinkedField",
    "name": "pageInfo",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "hasNextPage",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "endCursor",
        "storageKey": null
      }
    ],
    "storageKey": null
  },
  {
    "alias": null,
    "args": null,
    "kind": "ScalarField",
    "name": "complete",
    "storageKey": null
  }
],
v5 = [
  {
    "kind": "Variable",
    "name": "after",
    "variableName": "after"
  },
  (v3/*:: as any*/),
  {
    "kind": "Variable",
    "name": "first",
    "variableName": "first"
  }
];
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/),
      (v2/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "jobListQuery",
    "selections": [
      {
        "alias": "jobs",
        "args": [
          (v3/*:: as any*/)
        ],
        "concreteType": "JobConnection",
        "kind": "LinkedField",
        "name": "__jobList_jobs_connection",
        "plural": false,
        "selections": (v4/*:: as any*/),
        "storageKey": null
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v2/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "jobListQuery",
    "selections": [
      {
        "alias": null,
        "args": (v5/*:: as any*/),
        "concreteType": "JobConnection",
        "kind": "LinkedField",
        "name": "jobs",
        "plural": false,
        "selections": (v4/*:: as any*/),
        "storageKey": null
      },
      {
        "alias": null,
        "args": (v5/*:: as any*/),
        "filters": [
          "filter"
        ],
        "handle": "connection",
        "key": "jobList_jobs",
        "kind": "LinkedHandle",
        "name": "jobs"
      }
    ]
  },
  "params": {
    "cacheID": "5bbc844aeebd5fe3f33bc8868c94f9f7",
    "id": null,
    "metadata": {
      "connection": [
        {
          "count": "first",
          "cursor": "after",
          "direction": "forward",
          "path": [
            "jobs"
          ]
        }
      ]
    },
    "name": "jobListQuery",
    "operationKind": "query",
    "text": "query jobListQuery(\n  $filter: JobFilter\n  $first: Int\n  $after: String\n) {\n  jobs(filter: $filter, first: $first, after: $after) {\n    edges {\n      node {\n        id\n        name\n        status\n        __typename\n      }\n      cursor\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    complete\n  }\n}\n"
  }
};
})();

(node as any).hash = "f6315fd89a2bd0938c6b091e40f10e6e";

export default node;
