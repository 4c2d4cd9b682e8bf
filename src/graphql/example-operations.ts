/** The operations in the playground's tabs. The first one runs unchanged. */
export const exampleOperations: readonly { query: string; variables?: string }[] = [
  {
    query: `# The newest jobs of all systems on one page.
query NewestJobs {
  jobs(first: 20) {
    nodes {
      id
      name
      status
      owner
      createdAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    complete
    systems {
      system {
        id
      }
      status
      returnedCount
    }
  }
}
`,
  },
  {
    query: `# How many jobs each system has in each status. precision: AT_LEAST or UNKNOWN if a system can't be counted completely.
query CountJobs {
  jobCounts(by: [SYSTEM, STATUS]) {
    buckets {
      system {
        id
      }
      status
      count
      precision
    }
    complete
    observedAt
  }
}
`,
  },
  {
    query: `# The newest jobs, then each job that enters the page, changes, or leaves it. Stop it with the button that started it.
subscription WatchNewestJobs {
  jobListChanged(first: 10) {
    __typename
    ... on JobListPage {
      page {
        nodes {
          id
          name
          status
        }
        complete
      }
    }
    ... on JobEntered {
      job {
        id
        name
        status
      }
    }
    ... on JobChanged {
      job {
        id
        status
      }
    }
    ... on JobLeft {
      jobId
      reason
    }
  }
}
`,
  },
  {
    query: `# The failed jobs, with the warnings and errors of their logs. Null for systems without logs: see JobSystem.logs.
query LogsOfFailedJobs {
  jobs(first: 5, filter: { statuses: [FAILED] }) {
    nodes {
      id
      failureMessage
      log(first: 20, minSeverity: WARNING) {
        nodes {
          loggedAt
          severity
          message
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        problem {
          code
          message
        }
      }
    }
  }
}
`,
  },
  {
    query: `# Jobs that can be canceled now, and their other actions. Copy IDs from here to the next tab.
query CancellableJobs {
  jobs(first: 20, filter: { availableAction: CANCEL }) {
    nodes {
      id
      name
      status
      actions {
        action
        available
        reason
      }
    }
  }
}
`,
  },
  {
    query: `# Put IDs in the variables below. dryRun: true only checks; set it to false to cancel.
mutation CancelJobs($ids: [ID!]!, $dryRun: Boolean!) {
  cancelJobs(input: { ids: $ids, dryRun: $dryRun, reason: "Tried in the playground" }) {
    results {
      __typename
      ... on CancelSuccess {
        jobId
        outcome
      }
      ... on JobError {
        jobId
        code
        message
        retryable
      }
    }
    summary {
      requested
      succeeded
      failed
      unknown
    }
  }
}
`,
    variables: '{\n  "ids": ["kylin:put-an-id-here"],\n  "dryRun": true\n}',
  },
  {
    query: `# What an action on all matching jobs would do. Nothing is sent. startBulkAction with the token acts on exactly these jobs.
query PreviewBulkCancellation {
  previewBulkAction(action: CANCEL, filter: { statuses: [QUEUED, RUNNING] }) {
    token
    matchedCount
    availableCount
    predictedFailures {
      code
      count
      message
    }
    complete
  }
}
`,
  },
  {
    query: `# What each system supports, and its health.
query Systems {
  jobSystems {
    id
    vendor
    title
    health {
      status
      latencyMs
      problem {
        message
      }
    }
    capabilities {
      action
      support
      allowedStatuses
      maxBatchSize
    }
  }
}
`,
  },
];
