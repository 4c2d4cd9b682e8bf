/**
 * @generated SignedSource<<7132e9dc71461396478b87a44abc77e1>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type JobStatus = "CANCELLED" | "CANCELLING" | "FAILED" | "PAUSED" | "QUEUED" | "RUNNING" | "SCHEDULED" | "SUCCEEDED" | "UNKNOWN" | "%future added value";
export type jobStepsQuery$variables = {
  ids: ReadonlyArray<string>;
};
export type jobStepsQuery$data = {
  readonly nodes: ReadonlyArray<{
    readonly steps?: ReadonlyArray<{
      readonly id: string;
      readonly name: string;
      readonly status: JobStatus;
    }> | null | undefined;
  } | null | undefined>;
};
export type jobStepsQuery = {
  response: jobStepsQuery$data;
  variables: jobStepsQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "ids"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "ids",
    "variableName": "ids"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v3 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "concreteType": "JobStep",
      "kind": "LinkedField",
      "name": "steps",
      "plural": true,
      "selections": [
        (v2/*:: as any*/),
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
        }
      ],
      "storageKey": null
    }
  ],
  "type": "Job",
  "abstractKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "jobStepsQuery",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "nodes",
        "plural": true,
        "selections": [
          (v3/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "jobStepsQuery",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "nodes",
        "plural": true,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "__typename",
            "storageKey": null
          },
          (v3/*:: as any*/),
          (v2/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "501ad927f3dd87c8a8d85d59b292a1ab",
    "id": null,
    "metadata": {},
    "name": "jobStepsQuery",
    "operationKind": "query",
    "text": "query jobStepsQuery(\n  $ids: [ID!]!\n) {\n  nodes(ids: $ids) {\n    __typename\n    ... on Job {\n      steps {\n        id\n        name\n        status\n      }\n    }\n    id\n  }\n}\n"
  }
};
})();

(node as any).hash = "5cf72beb5de276d00788a58ca06e6edf";

export default node;
