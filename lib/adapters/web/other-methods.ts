import type { App } from './hono.ts'
import { sendRefusal } from './respond.ts'

/** Whatever has a route by now takes its methods and no other; HEAD goes with GET. */
export function refuseOtherMethods(app: App): void {
  const methods = new Map<string, string[]>()
  for (const { path, method } of app.routes) {
    if (method !== 'ALL')
      methods.set(path, [...(methods.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])])
  }
  for (const [path, all] of methods) {
    app.all(path, (c) => sendRefusal(c, { reason: 'method_not_allowed' }, { allow: all.toSorted().join(', ') }))
  }
}
