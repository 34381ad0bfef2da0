/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  LogPageQuery,
  LogPageQueryVariables,
  LogEntryDetailQuery,
  LogEntryDetailQueryVariables,
  LogAppendedSubscription,
  LogAppendedSubscriptionVariables,
} from './types.ts';

export const LogPageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query LogPage($subject: String, $action: String, $actor: String, $from: Time, $to: Time, $figure: FigureInput, $last: Int, $before: Cursor, $count: Boolean! = false) {
  log(
    subject: $subject
    action: $action
    actor: $actor
    from: $from
    to: $to
    figure: $figure
    last: $last
    before: $before
  ) {
    nodes {
      ...LogRow
    }
    pageInfo {
      startCursor
      hasPreviousPage
    }
    totalCount @include(if: $count)
  }
}
    fragment LogRow on LogEntry {
  seq
  at
  actor
  action
  subjects
  reasonText
  before
  after
}`) as unknown as TypedDocumentString<LogPageQuery, LogPageQueryVariables>;
export const LogEntryDetailDocument = /*#__PURE__*/ new TypedDocumentString(`
    query LogEntryDetail($seq: ID!) {
  logEntry(seq: $seq) {
    entry {
      ...LogRow
    }
    hash
    intact
  }
}
    fragment LogRow on LogEntry {
  seq
  at
  actor
  action
  subjects
  reasonText
  before
  after
}`) as unknown as TypedDocumentString<LogEntryDetailQuery, LogEntryDetailQueryVariables>;
export const LogAppendedDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription LogAppended($filter: LogFilter, $after: Cursor) {
  logAppended(filter: $filter, after: $after) {
    cursor
    node {
      ...LogRow
    }
  }
}
    fragment LogRow on LogEntry {
  seq
  at
  actor
  action
  subjects
  reasonText
  before
  after
}`) as unknown as TypedDocumentString<LogAppendedSubscription, LogAppendedSubscriptionVariables>;
