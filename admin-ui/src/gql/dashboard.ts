/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  DashboardQuery,
  DashboardQueryVariables,
  DashboardQueueQuery,
  DashboardQueueQueryVariables,
} from './types.ts';

export const DashboardDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Dashboard($from: Time!, $to: Time!, $scenario: ID) {
  metrics(from: $from, to: $to, scenario: $scenario) {
    behind
    countedAt
    days {
      day
      end
      tally {
        tags
        inTime
        late
        missed
      }
    }
    scenarios {
      scenario {
        code
        name
      }
      tally {
        tags
        succeeded
        ...AgreementFields
      }
    }
    total {
      ...AgreementFields
      tags
      succeeded
      queued
      confirmed
      rejected
      kept
      byVotes
      missed
      inTime
      late
      appealsAccepted
      appealsDeclined
      handling {
        ...HistogramFields
      }
      consensus {
        ...HistogramFields
      }
    }
  }
  reviewerTallies(from: $from, to: $to, scenario: $scenario) {
    reviewer
    medianHandlingSeconds
    tally {
      ...AgreementFields
      confirmed
      rejected
      kept
      appealsAccepted
      appealsDeclined
    }
  }
}
    fragment AgreementFields on Tally {
  agreedWithReviewers
  disagreedWithReviewers
  agreedWithRules
  disagreedWithRules
}
fragment HistogramFields on Histogram {
  count
  meanSeconds
  buckets {
    fromSeconds
    toSeconds
    count
  }
}`) as unknown as TypedDocumentString<DashboardQuery, DashboardQueryVariables>;
export const DashboardQueueDocument = /*#__PURE__*/ new TypedDocumentString(`
    query DashboardQueue {
  queueAges {
    fromSeconds
    toSeconds
    dueFrom
    dueTo
    cases
  }
  cases(filter: {handling: PENDING}, orderBy: DUE_AT_ASC, first: 1) {
    nodes {
      id
      dueAt
      scenario {
        name
      }
      buyer {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DashboardQueueQuery, DashboardQueueQueryVariables>;
