// The id of a group (`conversationId` in messages, `openConversationId` in the API) is base64 and may hold a `/`, which
// separates an address here. A `_` stands for it, which base64 does not have: `cid5DEAySu_Fk+mtMwii4NLYQ==`.

/** Undefined for an id that has a `_` itself, as it would come back as another one. */
export function toGroupId(conversation: string): string | undefined {
  return conversation.includes('_') ? undefined : conversation.replaceAll('/', '_')
}

export function fromGroupId(id: string): string {
  return id.replaceAll('_', '/')
}
