// The words of the page itself; what it shows of a request comes from the view.
import type { State } from '#core/standing.ts'

export interface PageWords {
  readonly refresh: string
  readonly states: Readonly<Record<State, string>>
  readonly request: {
    readonly start: string
    readonly dryRun: string
    readonly warnings: string
    readonly facts: string
    /** Once the request is final; so are the others of this name. */
    readonly factsOver: string
    readonly approvals: string
    readonly approvalsOver: string
    readonly count: (given: number, needed: number) => string
    readonly saidYes: string
    readonly canSay: string
    /** Who has no passkey. */
    readonly canSayInTerminal: string
    /** A group of which nobody has said yes, and its members. */
    readonly missing: (group: string, members: readonly string[]) => string
    readonly ownTool: string
    readonly timeline: string
    readonly record: string
    readonly recordHint: string
  }
  readonly signing: {
    readonly heading: string
    readonly headingOver: string
    readonly hint: string
    readonly digest: string
  }
  readonly form: {
    readonly heading: string
    readonly who: string
    readonly saidYes: string
    readonly reason: string
    readonly reasonHint: string
    readonly confirm: string
    readonly approve: string
    readonly deny: string
    readonly tooLateToApprove: string
    readonly noScript: string
    readonly noPasskeys: string
    readonly otherOrigin: string
    readonly nobody: string
    readonly notListed: string
    readonly enrol: string
  }
  readonly terminal: {
    readonly heading: string
    readonly key: string
    readonly ssh: string
    readonly byHand: string
    readonly deny: string
    readonly denyReason: string
    readonly hint: string
  }
  /** What stands at the address of the gate itself. */
  readonly home: {
    readonly heading: string
    readonly what: string
    readonly enrol: string
    readonly api: string
  }
  readonly enrol: {
    readonly heading: string
    readonly what: string
    readonly noPage: string
    readonly otherOrigin: string
    readonly noScript: string
    readonly noPasskeys: string
    readonly name: string
    readonly nameHint: string
    readonly make: string
    readonly made: string
    readonly line: string
    readonly copy: string
    readonly kid: string
    readonly next: string
  }
  /** The title of a page that could not be made stands in the problem; this one leads on. */
  readonly problemHint: string
  readonly decideScript: DecideWords
  readonly enrolScript: EnrolWords
}

/** What the script of a request's page says. */
export interface DecideWords {
  readonly approved: string
  readonly stopped: string
  readonly tooLate: string
  readonly working: string
  readonly chooseName: string
  readonly alreadySaidYes: string
  readonly reasonMissing: string
  readonly reasonNotPlain: string
  readonly notConfirmed: string
  readonly cancelled: string
  /** `{error}`: as the browser names it. */
  readonly passkeyFailed: string
  readonly unreachable: string
  readonly retrying: string
  /** With its brackets: it stands behind the time. */
  readonly localTime: string
}

/** What the script of the enrolment page says. */
export interface EnrolWords {
  readonly badName: string
  readonly cancelled: string
  /** `{error}`: as the browser names it. */
  readonly passkeyFailed: string
  readonly unknownKey: string
  readonly copied: string
  readonly notCopied: string
}
