/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  LogMovesSubscription,
  LogMovesSubscriptionVariables,
} from './types.ts';

export const LogMovesDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription LogMoves($filter: LogFilter, $after: Cursor) {
  logAppended(filter: $filter, after: $after) {
    cursor
  }
}
    `) as unknown as TypedDocumentString<LogMovesSubscription, LogMovesSubscriptionVariables>;
