import type { Examine } from '#adapters/fc/open.ts'

/** For handlers that nobody asks about themselves. */
export const unexamined: Examine = () => Promise.reject(new Error('nobody asked the function about itself'))
