// A real browser, with keys that answer by themselves.
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { reportMissing } from './missing-tool.ts'

const found = inject('chromium')

/** For `describe.skipIf`. */
export const WITHOUT_CHROMIUM = 'missing' in found
if ('missing' in found) reportMissing(found.missing)

export async function openBrowser(): Promise<Browser> {
  if ('missing' in found) throw new Error(found.missing)
  const { executable, libraries } = found
  return chromium.launch({
    executablePath: executable,
    args: ['--headless=shell', '--no-sandbox', '--disable-gpu'],
    // For the browser alone: Node has its own.
    env: { ...process.env, ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }) },
  })
}

export interface Authenticator {
  /** Whether the finger fits; it does at first. */
  setUserVerified(isUserVerified: boolean): Promise<void>
  /** Whether somebody touches it by and by; somebody does at first. */
  setTouched(enabled: boolean): Promise<void>
  /** All passkeys in it, private keys included: for another page of the same person. */
  takeOut(): Promise<readonly Credential[]>
  remove(): Promise<void>
}

export type Credential = Awaited<ReturnType<typeof getCredentials>>[number]

/** Belongs to this page, wherever it goes; other pages do not see it. */
export async function addAuthenticator(page: Page, credentials: readonly Credential[] = []): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page)
  // Without a window of its own to confirm in.
  await cdp.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  for (const credential of credentials) await cdp.send('WebAuthn.addCredential', { authenticatorId, credential })
  return {
    async setUserVerified(isUserVerified) {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    async setTouched(enabled) {
      await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    },
    takeOut: async () => getCredentials(cdp, authenticatorId),
    async remove() {
      await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
  }
}

async function getCredentials(cdp: CDPSession, authenticatorId: string) {
  return (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials
}

/** What the browser complains of, as it comes: the console's warnings and errors, blocked content and uncaught errors. */
export function listenForComplaints(page: Page): readonly string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed: ${request.failure()?.errorText}`))
  return complaints
}
