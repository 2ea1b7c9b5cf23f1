// zod as everything here uses it: its functions instead of its methods, of which a cold start loads a third; with messages in English,
// which functions leave to their user; and never generating code, which each process compiles anew for schemas that it uses once.
import { config } from 'zod/mini'
import english from 'zod/v4/locales/en.js'

config({ ...english(), jitless: true })

export * from 'zod/mini'
