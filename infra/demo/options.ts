// What the demo can be asked for on the command line.
import { parseArgs } from 'node:util'

export const HELP = `Usage: npm run demo [-- <options>]

Plays the story of Startgate on this machine, in about half a minute. Needs no account and no network.

  --keep           stay up after the story and print what to try by hand, also with a passkey of your own; Ctrl-C ends it
  --ssh <file>     with --keep: you may approve with this SSH key of yours; <file> is its public half, such as
                   ~/.ssh/id_ed25519.pub
  --record <file>  also put three of its scenes into this file, as a moving picture (SVG)
  --help           print this
`

export interface Options {
  readonly keep: boolean
  readonly help: boolean
  readonly ssh: string | undefined
  readonly record: string | undefined
}

/** The second way out is a sentence for who typed it. */
export function readOptions(args: readonly string[]): Options | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        keep: { type: 'boolean' },
        help: { type: 'boolean' },
        ssh: { type: 'string' },
        record: { type: 'string' },
      },
    })
    const { keep = false, help = false, ssh, record } = values
    if (ssh !== undefined && !keep) return { problem: '--ssh is for what you try after the story: add --keep.' }
    return { keep, help, ssh, record }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
