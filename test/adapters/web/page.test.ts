import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { PAGE_WORDS } from '#core/language/page-tables.ts'
import { createStatement } from '#core/statement.ts'
import { approve, deny } from '#flow/decide.ts'
import { teamDocument, teamPolicy } from '#support/team.ts'
import { accepted } from '#support/world.ts'
import { createTestGate, PAGE, PUBLIC_URL, sendDecision, type TestGate } from './gate.ts'
import { open, pagePolicy, PASSKEYS } from './opened-page.ts'

const NOBODYS = `req_${'0'.repeat(32)}`
const { form, request, enrol } = PAGE_WORDS.en

async function openRequest(gate: TestGate, key = 'key-1') {
  const { id } = await gate.ask(key)
  return { id, page: await open(gate, `/r/${id}`) }
}

/** What the header allows of this kind. */
function allowed(header: string | null, directive: string): string | undefined {
  return header
    ?.split('; ')
    .find((each) => each.startsWith(`${directive} `))
    ?.slice(directive.length + 1)
}

describe('every page', () => {
  const PATHS = ['/r/:id', '/enrol', `/r/${NOBODYS}`, '/enrol?lang=zh-CN']

  it.each(PATHS)('%s lets its one script and its one style run, and nothing else', async (path) => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { id } = await gate.ask()
    const { response, markup } = await open(gate, path.replace(':id', id))
    const policy = response.headers.get('content-security-policy')
    for (const [element, directive] of [
      ['script', 'script-src'],
      ['style', 'style-src'],
    ] as const) {
      const found = [...markup.matchAll(new RegExp(`<${element}[^>]*>(.*?)</${element}>`, 'gs'))]
      expect(found.map(([, text]) => text)).toEqual([PAGE[element]])
      const hash = createHash('sha256').update(PAGE[element]).digest('base64')
      expect(allowed(policy, directive)).toBe(`'sha256-${hash}'`)
    }
    expect(policy).toMatch(/^default-src 'none'; /)
    expect(policy).not.toContain('unsafe')
    expect(allowed(policy, 'connect-src')).toBe("'self'")
    for (const directive of ['form-action', 'base-uri', 'frame-ancestors', 'trusted-types'])
      expect(allowed(policy, directive)).toBe("'none'")
  })

  it.each(PATHS)('%s is kept nowhere, told to nobody, and leads nowhere else', async (path) => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { id } = await gate.ask()
    const { response, markup } = await open(gate, path.replace(':id', id))
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
      'permissions-policy': expect.stringContaining('publickey-credentials-get=(self)') as string,
    })
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(markup).not.toMatch(/<[^>]+\s(on\w+|style)\s*=/i)
    expect(markup).not.toMatch(/<(img|link|iframe|object|base|svg)\b/i)
    const links = [...markup.matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map(([, link = '']) => link)
    expect(
      links.filter((link) => !/^(\?lang=(en|zh-CN)|\.\.\/enrol|)$/.test(link) && !link.startsWith(PUBLIC_URL)),
    ).toEqual([])
  })

  it('answers HEAD alike, without a body', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { id } = await gate.ask()
    const answer = await gate.app.request(`/r/${id}`, { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/html; charset=utf-8',
      '',
    ])
  })

  it.each(['/r/:id', '/enrol'])('takes no POST at %s', async (path) => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { id } = await gate.ask()
    const answer = await gate.app.request(path.replace(':id', id), { method: 'POST' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('changes nothing by being looked at', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { id } = await gate.ask()
    gate.world.calls.forget()
    for (const path of [`/r/${id}`, `/r/${id}?lang=zh-CN`, '/enrol', `/r/${NOBODYS}`]) await open(gate, path)
    expect(gate.world.calls.counts()).toEqual({ 'asks GetRange': 3, 'runs GetRange': 2 })
    expect(gate.world.hints.sent.filter(({ to }) => to === 'starter')).toEqual([])
  })
})

describe('what somebody else wrote', () => {
  const HOSTILE = `"></p></style></script><script>alert(1)</script>' ]]> &amp; <img src=x onerror=alert(2)>`

  it('stays text, whatever it looks like', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    gate.world.instances.change('i-bp1reporting', { name: HOSTILE, chargeType: HOSTILE, zone: HOSTILE })
    const { id } = accepted(await gate.world.ask({ reason: HOSTILE })).proposal.request
    const { proposal } = await gate.world.load(id)
    accepted(await approve(gate.world.gate, id, await gate.world.sign('bob', 'approve', proposal, HOSTILE)))
    const { markup, text, textOf } = await open(gate, `/r/${id}`)
    expect(markup.match(/<script/g)).toHaveLength(1)
    expect(markup.match(/<\/style/g)).toHaveLength(1)
    expect(markup).not.toContain('<img')
    expect(textOf('subject')).toBe(HOSTILE)
    // The parts of a charge type are listed.
    expect(text.replaceAll(', ', ' ').split(HOSTILE)).toHaveLength(9)
  })

  it('cannot turn around or hide what stands beside it', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    gate.world.instances.change('i-bp1reporting', { name: 'safe\u202Egnihton\u200B\u0007\u2066 one' })
    const { markup, textOf } = (await openRequest(gate)).page
    expect(textOf('subject')).toBe('safe\uFFFDgnihton\uFFFD\uFFFD\uFFFD one')
    expect(markup.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

describe('a request on the page', () => {
  it('offers those who can decide with a passkey now', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { page, id } = await openRequest(gate)
    expect(
      [...page.markup.matchAll(/type="radio" name="approver" value="(\w+)"( checked)?/g)].map(([, n]) => n),
    ).toEqual(['bob', 'carol'])
    expect(page.markup).toMatch(/<form id="decide" hidden/)
    expect(page.markup).not.toContain('checked')
    expect(page.has('confirm')).toBe(false)
    const { proposal } = await gate.world.load(id)
    expect(page.data).toMatchObject({
      page: 'request',
      id,
      final: false,
      signing: {
        origin: PUBLIC_URL,
        now: gate.world.clock.now(),
        audience: proposal.audience,
        signers: [
          { name: 'bob', passkeys: [PASSKEYS.bob.id], saidYes: false },
          { name: 'carol', passkeys: [PASSKEYS.carol.id], saidYes: false },
        ],
      },
    })
  })

  it('gives the script what the gate takes as signed', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { page, id } = await openRequest(gate)
    const { data } = page
    if (data?.page !== 'request' || data.signing === undefined) throw new Error('nobody can sign here')
    const { audience, digest: proposal, says, now } = data.signing
    const signed = { v: 1, audience, decision: 'approve', proposal, approver: 'bob', says, iat: now / 1000 } as const
    expect(signed).toEqual(createStatement((await gate.world.load(id)).proposal, 'approve', 'bob', now / 1000))
    const evidence = PASSKEYS.bob.assert(signed)
    expect((await sendDecision(gate, id, { decision: 'approve', evidence })).status).toBe(200)
  })

  it('chooses the only one who can decide, and leaves out a passkey whose time is over', async () => {
    const gate = createTestGate({ policy: pagePolicy({ until: '2026-11-01T00:00:00Z' }) })
    const { page } = await openRequest(gate)
    expect(page.markup).toMatch(/value="bob" checked/)
    expect(page.markup).not.toContain('value="carol"')
  })

  it('says beside the name who has to use a terminal', async () => {
    const gate = createTestGate({ policy: pagePolicy({ until: '2026-11-01T00:00:00Z' }) })
    const { page } = await openRequest(gate)
    expect(page.text).toContain(`bob ${request.canSay} carol ${request.canSayInTerminal}`)
  })

  it('lets who said yes only deny', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { id } = await gate.ask()
    const { proposal } = await gate.world.load(id)
    accepted(await approve(gate.world.gate, id, await gate.world.sign('bob', 'approve', proposal)))
    const { text, data } = await open(gate, `/r/${id}`)
    expect(text).toContain(`bob ${form.saidYes}`)
    expect(data).toMatchObject({ signing: { signers: [{ name: 'carol' }, { name: 'bob', saidYes: true }] } })
  })

  it('wants the instance id typed before its disks are wiped, and a yes from a terminal', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    gate.world.instances.add({ instanceId: 'i-bp1scratch', tags: { team: 'scratch' } })
    const asked = accepted(await gate.world.ask({ instanceId: 'i-bp1scratch', initLocalDisk: true }))
    const { has, data, textOf, markup } = await open(gate, `/r/${asked.proposal.request.id}`)
    expect(has('confirm')).toBe(true)
    expect(data).toMatchObject({ signing: { confirm: 'i-bp1scratch' } })
    expect(textOf('own-tool')).toBe(request.ownTool)
    expect(markup).toContain('<li class="grave">')
    const { proposal } = await gate.world.load(asked.proposal.request.id)
    const evidence = await gate.world.sign('carol', 'approve', proposal)
    accepted(await approve(gate.world.gate, proposal.request.id, evidence))
    expect((await open(gate, `/r/${proposal.request.id}`)).has('own-tool')).toBe(false)
  })

  it.each([
    ['the policy names no page', teamDocument()],
    ['nobody has a passkey', { ...teamDocument(), page: { origin: PUBLIC_URL } }],
  ])('explains the terminal where %s', async (_, document) => {
    const gate = createTestGate({ policy: teamPolicy(document) })
    const { page } = await openRequest(gate)
    expect([page.has('decide'), page.textOf('nobody')]).toEqual([false, form.nobody])
    expect(page.markup).toMatch(/<details id="terminal" open/)
    expect(page.data).not.toHaveProperty('signing')
  })

  it('offers only a no while a start is under way', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { id } = await gate.ask()
    const { proposal } = await gate.world.load(id)
    accepted(await approve(gate.world.gate, id, await gate.world.sign('bob', 'approve', proposal)))
    gate.world.instances.planStart('i-bp1reporting', { answer: { kind: 'no_answer', detail: 'lost' } })
    await gate.world.start(id)
    const { has, text } = await open(gate, `/r/${id}`)
    expect([has('approve'), has('deny')]).toEqual([false, true])
    expect(text).toContain(form.tooLateToApprove)
    expect(text).not.toContain('startgate approve')
    expect(text).not.toContain(request.canSay)
  })

  it('offers nothing once it is over, and names who stopped it', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { id } = await gate.ask()
    const { proposal } = await gate.world.load(id)
    accepted(await deny(gate.world.gate, id, await gate.world.sign('bob', 'deny', proposal, 'Not today')))
    const { has, textOf, data } = await open(gate, `/r/${id}`)
    expect([has('decide'), has('terminal'), has('answer')]).toEqual([false, false, false])
    expect(textOf('state-word')).toBe(PAGE_WORDS.en.states.denied)
    expect(textOf('headline')).toContain('Not today')
    expect(data).toMatchObject({ final: true })
    expect(data).not.toHaveProperty('signing')
  })

  it('says all that matters without its script', async () => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { page, id } = await openRequest(gate)
    const noscript = /<noscript>(.*?)<\/noscript>/s.exec(page.markup)?.[1]
    expect(noscript).toContain(form.noScript)
    const { audience } = (await gate.world.load(id)).proposal
    for (const line of [
      `startgate approve ${id} --url ${PUBLIC_URL}`,
      `startgate statement ${id} --decision approve --out approval --url ${PUBLIC_URL}`,
      `ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n startgate-approval@${audience} approval`,
      `startgate approve ${id} --signature approval.sig --url ${PUBLIC_URL}`,
      `startgate deny ${id} --reason "why" --url ${PUBLIC_URL}`,
    ])
      expect(page.text).toContain(line)
    expect(page.markup).toMatch(/<a id="refresh" href="">/)
    for (const region of ['no-passkeys', 'other-origin', 'answer'])
      expect(page.markup).toMatch(new RegExp(`id="${region}"[^>]* hidden`))
  })
})

describe('/enrol', () => {
  it('makes passkeys where the policy has a page', async () => {
    const page = await open(createTestGate({ policy: pagePolicy() }), '/enrol')
    expect(page.response.status).toBe(200)
    expect(page.data).toMatchObject({ page: 'enrol', origin: PUBLIC_URL })
    expect(page.has('make')).toBe(true)
  })

  it('says that none would count where it has none', async () => {
    const page = await open(createTestGate(), '/enrol')
    expect([page.has('make'), page.data, page.textOf('no-page')]).toEqual([false, null, enrol.noPage])
  })
})

describe('the address of the gate itself', () => {
  it.each(['en', 'zh'] as const)('says in a browser what this is, and leads on: %s', async (language) => {
    const page = await open(createTestGate(), '/', { accept: 'text/html,*/*;q=0.8', 'accept-language': language })
    expect(page.response.status).toBe(200)
    expect(page.response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /)
    expect(page.textOf('home')).toBe(PAGE_WORDS[language].home.heading)
    expect([...page.markup.matchAll(/<p><a href="([^"]*)"/g)].map(([, link]) => link)).toEqual([
      'enrol',
      'openapi.json',
    ])
  })
})

describe('languages', () => {
  it.each([
    ['zh-CN,zh;q=0.9', '', 'zh'],
    ['en', '?lang=zh-CN', 'zh'],
    ['zh-CN', '?lang=en', 'en'],
    ['fr', '', 'en'],
  ] as const)('Accept-Language %s and %j is %s', async (header, query, language) => {
    const gate = createTestGate({ policy: pagePolicy() })
    const { id } = await gate.ask()
    const page = await open(gate, `/r/${id}${query}`, { 'accept-language': header })
    const tag = language === 'zh' ? 'zh-CN' : 'en'
    expect(page.markup).toContain(`<html lang="${tag}">`)
    expect(page.response.headers.get('content-language')).toBe(tag)
    expect(page.textOf('approve')).toBe(PAGE_WORDS[language].form.approve)
    expect(page.data).toMatchObject({ language: tag, words: PAGE_WORDS[language].decideScript })
    expect(page.textOf('language')).toBe(language === 'zh' ? 'English' : '中文')
  })
})

describe('what cannot be shown', () => {
  it.each([NOBODYS, 'REQ_1', '%3Cscript%3E'])('%s is a page that says so', async (id) => {
    const page = await open(createTestGate(), `/r/${id}`)
    expect(page.response.status).toBe(404)
    expect(page.textOf('problem')).toBe('No such request')
    expect(page.text).toContain(PAGE_WORDS.en.problemHint)
  })

  it('speaks the language of the address', async () => {
    const page = await open(createTestGate(), `/r/${NOBODYS}?lang=zh-CN`)
    expect(page.textOf('problem')).toMatch(/\p{Script=Han}/u)
  })

  it('a record that is not reached is a page too, with nothing of the fault', async () => {
    const gate = createTestGate()
    const { id } = await gate.ask()
    gate.world.calls.plan({ service: 'asks', times: null, fault: { kind: 'unclear', applied: false } })
    const page = await open(gate, `/r/${id}`)
    expect(page.response.status).toBe(503)
    expect(page.response.headers.get('retry-after')).toBe('5')
    expect(page.response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.text).not.toContain('GetRange')
  })
})
