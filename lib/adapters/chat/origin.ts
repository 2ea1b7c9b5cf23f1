// Where the APIs of the platforms are. No message and no policy can name another host.
import { LOOPBACK_ORIGIN } from '#core/loopback.ts'

const HOSTS = {
  dingtalk: { api: 'https://api.dingtalk.com', folder: 'dingtalk' },
  feishu: { api: 'https://open.feishu.cn', folder: 'feishu' },
  lark: { api: 'https://open.larksuite.com', folder: 'feishu' },
  slack: { api: 'https://slack.com', folder: 'slack' },
} as const

export type Site = keyof typeof HOSTS

/**
 * What the paths of its API are put behind: `https://slack.com`. `endpoint`, as `http://127.0.0.1:8080`, is the local peers',
 * each under a folder of its own; throws unless it is on this very computer, for it gets to see the secrets.
 */
export function toApi(site: Site, endpoint: string | undefined): string {
  const { api, folder } = HOSTS[site]
  if (endpoint === undefined) return api
  if (!LOOPBACK_ORIGIN.test(endpoint))
    throw new TypeError('the endpoint of the chat peers is http:// on loopback, with a port and nothing after it')
  return `${endpoint}/${folder}`
}
