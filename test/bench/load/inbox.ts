// What the teams of the load are told. It keeps little of each message, as there are tens of thousands.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseJson } from '#core/json.ts'
import * as z from '#core/zod.ts'

/** A final word about one request to one receiver. */
export interface Heard {
  readonly state: string
  /** Epoch ms of the first message that said so. */
  readonly at: number
}

export interface Inbox {
  /** Without a slash at the end; the receiver's name follows. */
  readonly url: string
  /** Final words that contradict each other are both kept. */
  heard(request: string, receiver: string): readonly Heard[]
  /** The id of the request for an instance, as soon as anybody is told of it; undefined when nobody was within `ms`. */
  requestFor(instanceId: string, ms: number): Promise<string | undefined>
  messages(): number
  close(): Promise<void>
}

const messageSchema = z.object({
  data: z.object({ id: z.string(), instanceId: z.string(), state: z.string(), final: z.boolean() }),
})
type Message = z.infer<typeof messageSchema>

export async function openInbox(): Promise<Inbox> {
  const finals = new Map<string, Heard[]>()
  const requests = new Map<string, string>()
  const waiting = new Map<string, (id: string) => void>()
  let messages = 0

  const take = (receiver: string, { data }: Message): void => {
    messages += 1
    const { id, instanceId, state, final } = data
    requests.set(instanceId, id)
    waiting.get(instanceId)?.(id)
    if (!final) return
    const key = `${receiver} ${id}`
    const before = finals.get(key) ?? []
    if (!before.some((heard) => heard.state === state)) finals.set(key, [...before, { state, at: Date.now() }])
  }

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const message = messageSchema.safeParse(parseJson(Buffer.concat(chunks).toString()))
      if (message.success) take((request.url ?? '').slice(1), message.data)
      response.writeHead(message.success ? 204 : 400).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: (request, receiver) => finals.get(`${receiver} ${request}`) ?? [],
    requestFor(instanceId, ms) {
      const known = requests.get(instanceId)
      if (known !== undefined) return Promise.resolve(known)
      return new Promise((resolve) => {
        const settle = (id?: string): void => {
          clearTimeout(timer)
          waiting.delete(instanceId)
          resolve(id)
        }
        const timer = setTimeout(() => settle(), ms)
        waiting.set(instanceId, settle)
      })
    },
    messages: () => messages,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
