/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  LiveCursorQuery,
  LiveCursorQueryVariables,
  ScenarioNamesQuery,
  ScenarioNamesQueryVariables,
} from './types.ts';

export const LiveCursorDocument = /*#__PURE__*/ new TypedDocumentString(`
    query LiveCursor {
  liveCursor
}
    `) as unknown as TypedDocumentString<LiveCursorQuery, LiveCursorQueryVariables>;
export const ScenarioNamesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ScenarioNames {
  scenarios {
    code
    name
  }
}
    `) as unknown as TypedDocumentString<ScenarioNamesQuery, ScenarioNamesQueryVariables>;
