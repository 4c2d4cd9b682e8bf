/**
 * @generated SignedSource<<a7e4abb611033237652ea28a2ef3589a>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type JobStatus = "CANCELLED" | "CANCELLING" | "FAILED" | "PAUSED" | "QUEUED" | "RUNNING" | "SCHEDULED" | "SUCCEEDED" | "UNKNOWN" | "%future added value";
export type jobListSubscription$variables = {
  ids: ReadonlyArray<string>;
};
export type jobListSubscription$data = {
  readonly jobsChanged: {
    readonly status: JobStatus;
  };
};
export type jobListSubscription = {
  response: jobListSubscription$data;
  variables: jobListSubscription$variables;
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
  "name": "status",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "jobListSubscription",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "Job",
        "kind": "LinkedField",
        "name": "jobsChanged",
        "plural": false,
        "selections": [
          (v2/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "jobListSubscription",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "Job",
        "kind": "LinkedField",
        "name": "jobsChanged",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "dc8c1f69868953e0dfaff1a135a0cab9",
    "id": null,
    "metadata": {},
    "name": "jobListSubscription",
    "operationKind": "subscription",
    "text": "subscription jobListSubscription(\n  $ids: [ID!]!\n) {\n  jobsChanged(ids: $ids) {\n    status\n    id\n  }\n}\n"
  }
};
})();

(node as any).hash = "e629a7b118309a645c4e5a8315139286";

export default node;
