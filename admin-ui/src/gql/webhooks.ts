/* eslint-disable */
import { TypedDocumentString } from './types.ts';
import type {
  WebhookEndpointsQuery,
  WebhookEndpointsQueryVariables,
  WebhookTypesQuery,
  WebhookTypesQueryVariables,
  WebhookEndpointDetailQuery,
  WebhookEndpointDetailQueryVariables,
  WebhookPingsQuery,
  WebhookPingsQueryVariables,
  CreateWebhookEndpointMutation,
  CreateWebhookEndpointMutationVariables,
  UpdateWebhookEndpointMutation,
  UpdateWebhookEndpointMutationVariables,
  PauseWebhookEndpointMutation,
  PauseWebhookEndpointMutationVariables,
  ResumeWebhookEndpointMutation,
  ResumeWebhookEndpointMutationVariables,
  RotateWebhookSecretMutation,
  RotateWebhookSecretMutationVariables,
  DeleteWebhookEndpointMutation,
  DeleteWebhookEndpointMutationVariables,
  PingWebhookEndpointMutation,
  PingWebhookEndpointMutationVariables,
  ReplayWebhookEndpointMutation,
  ReplayWebhookEndpointMutationVariables,
} from './types.ts';

export const WebhookEndpointsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query WebhookEndpoints($filter: WebhookEndpointFilter) {
  webhookEndpoints(filter: $filter, first: 100) {
    nodes {
      ...WebhookRow
    }
  }
}
    fragment WebhookRow on WebhookEndpoint {
  id
  merchantId
  url
  description
  types
  state
  disabledReason
  createdBy
  createdAt
  overlapUntil
  canManage
  canOperate
  standing {
    waiting
    nextAttemptAt
    failingSince
  }
}`) as unknown as TypedDocumentString<WebhookEndpointsQuery, WebhookEndpointsQueryVariables>;
export const WebhookTypesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query WebhookTypes {
  webhookTypes
}
    `) as unknown as TypedDocumentString<WebhookTypesQuery, WebhookTypesQueryVariables>;
export const WebhookEndpointDetailDocument = /*#__PURE__*/ new TypedDocumentString(`
    query WebhookEndpointDetail($id: ID!, $filter: WebhookDeliveryFilter) {
  webhookEndpoint(id: $id) {
    ...WebhookRow
    deliveries(filter: $filter, first: 100) {
      nodes {
        ...WebhookDeliveryRow
      }
      totalCount
    }
  }
}
    fragment WebhookRow on WebhookEndpoint {
  id
  merchantId
  url
  description
  types
  state
  disabledReason
  createdBy
  createdAt
  overlapUntil
  canManage
  canOperate
  standing {
    waiting
    nextAttemptAt
    failingSince
  }
}
fragment WebhookDeliveryRow on WebhookDelivery {
  id
  messageId
  seq
  type
  subject
  at
  state
  tries
  nextAttemptAt
  attempts {
    at
    tookMs
    status
    failure
  }
}`) as unknown as TypedDocumentString<WebhookEndpointDetailQuery, WebhookEndpointDetailQueryVariables>;
export const WebhookPingsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query WebhookPings($id: ID!) {
  webhookEndpoint(id: $id) {
    deliveries(filter: {type: "webhook.ping"}, first: 10) {
      nodes {
        ...WebhookDeliveryRow
      }
    }
  }
}
    fragment WebhookDeliveryRow on WebhookDelivery {
  id
  messageId
  seq
  type
  subject
  at
  state
  tries
  nextAttemptAt
  attempts {
    at
    tookMs
    status
    failure
  }
}`) as unknown as TypedDocumentString<WebhookPingsQuery, WebhookPingsQueryVariables>;
export const CreateWebhookEndpointDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateWebhookEndpoint($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) {
    endpoint {
      id
    }
    signingSecret
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<CreateWebhookEndpointMutation, CreateWebhookEndpointMutationVariables>;
export const UpdateWebhookEndpointDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateWebhookEndpoint($input: UpdateWebhookEndpointInput!) {
  updateWebhookEndpoint(input: $input) {
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<UpdateWebhookEndpointMutation, UpdateWebhookEndpointMutationVariables>;
export const PauseWebhookEndpointDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation PauseWebhookEndpoint($input: PauseWebhookEndpointInput!) {
  pauseWebhookEndpoint(input: $input) {
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<PauseWebhookEndpointMutation, PauseWebhookEndpointMutationVariables>;
export const ResumeWebhookEndpointDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ResumeWebhookEndpoint($input: ResumeWebhookEndpointInput!) {
  resumeWebhookEndpoint(input: $input) {
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<ResumeWebhookEndpointMutation, ResumeWebhookEndpointMutationVariables>;
export const RotateWebhookSecretDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
  rotateWebhookSecret(input: $input) {
    signingSecret
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<RotateWebhookSecretMutation, RotateWebhookSecretMutationVariables>;
export const DeleteWebhookEndpointDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DeleteWebhookEndpoint($input: DeleteWebhookEndpointInput!) {
  deleteWebhookEndpoint(input: $input) {
    deletedId
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<DeleteWebhookEndpointMutation, DeleteWebhookEndpointMutationVariables>;
export const PingWebhookEndpointDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation PingWebhookEndpoint($input: PingWebhookEndpointInput!) {
  pingWebhookEndpoint(input: $input) {
    delivery {
      id
    }
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<PingWebhookEndpointMutation, PingWebhookEndpointMutationVariables>;
export const ReplayWebhookEndpointDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ReplayWebhookEndpoint($input: ReplayWebhookEndpointInput!) {
  replayWebhookEndpoint(input: $input) {
    userErrors {
      ...Refusal
    }
  }
}
    fragment Refusal on UserError {
  code
  message
  field
}`) as unknown as TypedDocumentString<ReplayWebhookEndpointMutation, ReplayWebhookEndpointMutationVariables>;
