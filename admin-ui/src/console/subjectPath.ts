import { casePath, secondReviewPath } from './recordPaths.ts';

/** Where a subject of the log, such as case:RETURN_SWAPPED:b1, is shown; undefined for kinds without a page of their own. */
export function subjectPath(subject: string): string | undefined {
  const { kind, id } = subjectParts(subject);
  switch (kind) {
    case 'case':
      return casePath(id);
    case 'second_review':
      return secondReviewPath(id);
    case 'policy':
      return `/policy?version=${encodeURIComponent(id)}`;
    case 'policy_draft':
      return `/policy?draft=${encodeURIComponent(id)}`;
    default:
      return undefined;
  }
}

/** The kind and the identifier of a subject; identifiers may hold colons, too. */
export function subjectParts(subject: string): { readonly kind: string; readonly id: string } {
  const colon = subject.indexOf(':');
  return colon < 0 ? { kind: '', id: subject } : { kind: subject.slice(0, colon), id: subject.slice(colon + 1) };
}
