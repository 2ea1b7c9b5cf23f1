// Refusals and faults over HTTP in English: what is wrong, and what to do next.
import type { ProblemWords } from './problem-words.ts'

const problems: ProblemWords['problems'] = {
  unauthenticated: {
    title: 'Not authenticated',
    detail: () =>
      'The signature of this call is missing or not accepted. Check the key, the clock and the signed method, path and body.',
  },
  malformed: {
    title: 'Malformed',
    // The first of them stand in the sentence: many tools show nothing else.
    detail: ({ problems }) =>
      `${problems
        .slice(0, 3)
        .map(({ path, message }) => `${path}: ${message}`)
        .join('; ')}.`,
  },
  too_large: { title: 'Too large', detail: ({ limit }) => `A body may have at most ${limit} bytes.` },
  key_reused: {
    title: 'Idempotency key reused',
    detail: () => 'This Idempotency-Key was used for another ask. Use a new key for a new ask.',
  },
  not_available: {
    title: 'Not available',
    detail: ({ instanceId, regionId }) =>
      `There is no instance ${instanceId} in ${regionId} that a rule lets you start. Check the id and region, or ask who keeps the policy.`,
  },
  already_running: {
    title: 'Already running',
    detail: ({ instanceId, status }) => `${instanceId} is ${status}; there is nothing to start.`,
  },
  locked: {
    title: 'Locked',
    detail: ({ instanceId, lock }) =>
      `${instanceId} is locked (${lock}) and cannot be started. See its events in the ECS console.`,
  },
  instance_expired: {
    title: 'Instance expired',
    detail: ({ instanceId }) => `${instanceId} has expired. Renew it first, then ask again.`,
  },
  may_not_wipe: {
    title: 'Local disks may not be wiped',
    detail: ({ rule }) => `Rule ${rule} does not allow initLocalDisk. Ask without it, or have the rule changed.`,
  },
  no_approver: {
    title: 'Nobody could approve',
    detail: ({ rule }) =>
      `Under rule ${rule} too few people besides the requester may approve this. Have an approver added to the rule.`,
  },
  closed: {
    title: 'Closed',
    detail: ({ rule, opensAt }) =>
      `Rule ${rule} allows no start before this request would expire. ${opensAt === undefined ? 'No hour is open within 7 days; ask again later.' : `Ask with notBefore ${new Date(opensAt).toISOString()} or later.`}`,
  },
  not_before_out_of_range: {
    title: 'notBefore out of range',
    detail: () => 'notBefore must lie in the future, at most 7 days ahead.',
  },
  may_not_act_for: {
    title: 'May not act for others',
    detail: ({ principal }) =>
      `Only a machine may ask on behalf of somebody, and only of a person in the policy; ${principal} is not.`,
  },
  no_such_request: { title: 'No such request', detail: () => 'There is no start request with this id.' },
  token_refused: {
    title: 'Token not accepted',
    detail: () =>
      'This token is not accepted for this request. Fetch the request again and sign what it shows with a key of an approver.',
  },
  reason_required: {
    title: 'Reason required',
    detail: () => 'A denial needs a reason: people will want to know why.',
  },
  already_final: {
    title: 'Already final',
    detail: ({ state }) => `This request is ${state}; nothing can change it any more. Make a new request if needed.`,
  },
  expiring: {
    title: 'Expired',
    detail: () => 'The time for deciding this request is over. Make a new request if it is still needed.',
  },
  may_not_cancel: {
    title: 'May not cancel',
    detail: () =>
      'Only the requester, the person behind it, or somebody the rule names may cancel this request. An approver can deny it.',
  },
  may_not_read: {
    title: 'May not list',
    detail: () => 'Listing requests needs a caller that the policy names in mayRead.',
  },
  full: {
    title: 'Full',
    detail: () =>
      'This request holds as many entries as it may. It can still be denied or cancelled; make a new request otherwise.',
  },
  unreadable: {
    title: 'Not readable by this version',
    detail: () =>
      'This request was written by another version of Startgate. It can be decided when both functions are up to date.',
  },
  not_found: {
    title: 'Not found',
    detail: () => 'There is nothing here. See /openapi.json for what there is.',
  },
  method_not_allowed: {
    title: 'Method not allowed',
    detail: () => 'This address does not take that method. See /openapi.json.',
  },
}

const faults: ProblemWords['faults'] = {
  unavailable: {
    title: 'Not available now',
    detail: (call) =>
      `What this call needs could not be reached, or gave no clear answer. Repeat it, with the same Idempotency-Key if it had one; if that does not help, report call ${call}.`,
  },
  fault: {
    title: 'Fault',
    detail: (call) => `Something is wrong inside Startgate. Report call ${call} to who runs it.`,
  },
}

export const PROBLEMS_EN: ProblemWords = { problems, faults }
