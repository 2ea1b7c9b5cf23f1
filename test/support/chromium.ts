// Chromium from npm: unpacked once, before the workers of vitest, and asked whether it runs on this machine.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createBrotliDecompress } from 'node:zlib'
import type { TestProject } from 'vitest/node'

/** `libraries`: a directory with what the system lacks. `missing`: one sentence, where it cannot run. */
export type Chromium =
  | { readonly executable: string; readonly libraries: string | undefined }
  | { readonly missing: string }

declare module 'vitest' {
  interface ProvidedContext {
    readonly chromium: Chromium
  }
}

export async function setup({ provide }: TestProject): Promise<void> {
  provide('chromium', await unpackChromium())
}

const require = createRequire(import.meta.url)
const PACKAGE = join(dirname(require.resolve('@sparticuz/chromium')), '../..')
const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))

export async function unpackChromium(host = `${process.platform} ${process.arch}`): Promise<Chromium> {
  if (host !== 'linux x64') return { missing: say(`it runs on Linux x64, and this is ${host}`) }
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }
  const folder = join(CACHE, `chromium-${version}`)
  await mkdir(folder, { recursive: true })
  const executable = join(folder, 'chromium')
  await once(executable, async (target) => unpack('chromium.br', target))
  const libraries = join(folder, 'al2023')
  await once(libraries, async (target) => {
    await unpack('al2023.tar.br', `${target}.tar`)
    await mkdir(target)
    spawnSync('tar', ['-xf', `${target}.tar`, '-C', target])
    await rm(`${target}.tar`)
  })
  return chooseLibraries(executable, join(libraries, 'lib'))
}

/** The system's own libraries where it has them; those beside Chromium are for a host that has too few. */
export function chooseLibraries(executable: string, libraries: string): Chromium {
  if (complaintOf(executable) === undefined) return { executable, libraries: undefined }
  const complaint = complaintOf(executable, libraries)
  if (complaint === undefined) return { executable, libraries }
  const lacking = /(\S+\.so[.\d]*): cannot open shared object file/.exec(complaint)?.[1]
  if (lacking === undefined) return { missing: say(complaint.trim().split('\n').at(-1) ?? '') }
  return { missing: say(`${lacking} is not there (Debian, Ubuntu: apt-get install libnss3 libnspr4 libexpat1)`) }
}

function complaintOf(executable: string, libraries?: string): string | undefined {
  const env = { ...process.env, ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }) }
  const { status, stderr, error } = spawnSync(executable, ['--headless=shell', '--no-sandbox', '--version'], {
    env,
    encoding: 'utf8',
  })
  return status === 0 ? undefined : (error?.message ?? stderr)
}

function say(why: string): string {
  return `Chromium cannot run here: ${why}; nothing is tested in a browser in this run`
}

/** Made under another name first: a run that was cut off leaves nothing half done, and two runs do not meet. */
async function once(path: string, make: (target: string) => Promise<void>): Promise<void> {
  if (existsSync(path)) return
  const target = `${path}-${randomUUID()}`
  await make(target)
  await rename(target, path).catch(async (error: unknown) => {
    if (!existsSync(path)) throw error
    await rm(target, { recursive: true })
  })
}

async function unpack(file: string, target: string): Promise<void> {
  const packed = createReadStream(join(PACKAGE, 'bin', file))
  await pipeline(packed, createBrotliDecompress(), createWriteStream(target, { mode: 0o755 }))
}
