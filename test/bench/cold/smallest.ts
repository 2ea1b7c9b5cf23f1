// The smallest function with a web framework: what a start costs before a product has done anything. It is what the
// others are compared with.
import { Hono } from 'hono'

const app = new Hono().get('/', (c) => c.text('hello'))

interface HttpEvent {
  readonly rawPath: string
  readonly requestContext: { readonly http: { readonly method: string } }
}

export async function handler(event: Uint8Array): Promise<unknown> {
  const { rawPath, requestContext } = JSON.parse(Buffer.from(event).toString('utf8')) as HttpEvent
  const response = await app.request(rawPath, { method: requestContext.http.method })
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
}
