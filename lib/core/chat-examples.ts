// How people and groups are written on each chat platform: shown to whoever wrote one that is refused.
import type { Platform } from './words.ts'

interface Written {
  readonly person: string
  readonly group: string
}

const EXAMPLES: Readonly<Record<Platform, Written>> = {
  dingtalk: { person: 'dingtalk:ding0123456789abcdef/manager4321', group: 'dingtalk/cid5DEAySu_Fk+mtMwii4NLYQ==' },
  feishu: { person: 'feishu:2ed263bf32cf1651/ou_7d8a6e6df762', group: 'feishu/oc_a0553eda9014' },
  slack: { person: 'slack:T0123/U0456', group: 'slack/C0123' },
}

/** Ids of these forms belong to one platform, whatever stands before them. */
const FORMS: readonly (readonly [RegExp, Platform])[] = [
  [/dingtalk|\bcid|\bding/i, 'dingtalk'],
  [/feishu|lark|\bo[cun]_/i, 'feishu'],
]

/** On the platform that is meant, as far as that can be told. */
export function exampleOf(what: keyof Written, written: unknown): string {
  const platform = FORMS.find(([form]) => form.test(String(written)))?.[1] ?? 'slack'
  return EXAMPLES[platform][what]
}
