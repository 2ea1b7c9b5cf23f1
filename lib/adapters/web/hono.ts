// Hono with the router that finds routes as they were added. Its own first choice makes one expression of all of them at the
// first call, which pays after many, and an instance may have one.
import { HonoBase } from 'hono/hono-base'
import { TrieRouter } from 'hono/router/trie-router'
import type { Door } from './door.ts'

export type App = HonoBase<Door>

export function createHono(): App {
  return new HonoBase<Door>({ router: new TrieRouter() })
}
