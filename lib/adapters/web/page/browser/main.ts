// The one script of the page. It signs, follows the state, and makes passkeys; everything else stands in the page already.
import type { PageData } from '#adapters/web/page/page-data.ts'
import { offerDecision } from './decide.ts'
import { offerEnrolment } from './enrol.ts'
import { follow } from './follow.ts'
import { showLocalTimes } from './local-times.ts'

const data = JSON.parse(document.body.dataset['page'] ?? 'null') as PageData | null

if (data?.page === 'enrol') offerEnrolment(data)
if (data?.page === 'request') {
  showLocalTimes(data)
  let isInUse = (): boolean => false
  const lookNow = follow(data, () => isInUse())
  if (data.signing !== undefined) isInUse = offerDecision(data, data.signing, lookNow)
}
