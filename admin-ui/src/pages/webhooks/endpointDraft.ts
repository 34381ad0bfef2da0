import type { UpdateWebhookEndpointInput, WebhookRowFragment } from '../../gql/graphql.ts';

/** What a person says of an endpoint. */
export interface EndpointDraft {
  readonly url: string;
  readonly description: string;
  /** Empty for all. */
  readonly types: readonly string[];
}

/** The fields of a draft, named as in the server's inputs. */
export const draftFields = ['url', 'description', 'types'] as const satisfies readonly (keyof EndpointDraft)[];

export const emptyDraft: EndpointDraft = { url: '', description: '', types: [] };

export function draftOf({ url, description, types }: WebhookRowFragment): EndpointDraft {
  return { url, description: description ?? '', types };
}

/** A draft as it is sent. */
export function tidied({ url, description, types }: EndpointDraft): EndpointDraft {
  return { url: url.trim(), description: description.trim(), types };
}

/**
 * What was changed of a draft, and nothing else: what another person changes of the endpoint at the same time stays as
 * they left it.
 */
export function changesOf(before: EndpointDraft, after: EndpointDraft): Omit<UpdateWebhookEndpointInput, 'id'> {
  const { url, description, types } = tidied(after);
  return {
    ...(url !== before.url && { url }),
    ...(description !== before.description && { description }),
    ...(!sameTypes(types, before.types) && { types: [...types] }),
  };
}

function sameTypes(these: readonly string[], those: readonly string[]): boolean {
  return these.length === those.length && these.every((type) => those.includes(type));
}
