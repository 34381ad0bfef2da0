/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  ConsoleViewerQuery,
  ConsoleViewerQueryVariables,
} from './types.ts';

export const ConsoleViewerDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ConsoleViewer {
  timeZone
  viewer {
    id
    roles
    merchant {
      id
      name
      permission
    }
    can {
      submitTags
      restrictBuyers
      seeCases
      seeBuyers
      readLog
      decide
      administrate
      lead
      shareViews
      seeWebhooks
      manageWebhooks
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleViewerQuery, ConsoleViewerQueryVariables>;
