import { describe, expect, it } from 'vitest'
import { EXAMPLES } from '#adapters/web/openapi-examples.ts'
import { PATHS } from '#adapters/web/openapi-paths.ts'
import { toOpenapi, type SchemaName } from '#adapters/web/openapi.ts'
import * as answers from '#adapters/web/answers.ts'
import * as schemas from '#adapters/web/schemas.ts'
import { createTestGate } from './gate.ts'

/** For people, who need no description. */
const PAGES = ['GET /', 'GET /r/:id', 'GET /enrol']

describe('the description of the API', () => {
  it('names exactly the routes that there are, besides the pages', () => {
    const { app, routes } = createTestGate()
    const served = [...app.routes, ...routes.routes]
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => !PAGES.includes(route))
    const described = PATHS.map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)
    expect(described.toSorted()).toEqual(served.toSorted())
  })

  it('says for each operation what it is, what it answers and that it may fail', () => {
    for (const { name, summary, answers } of PATHS) {
      expect(name).toMatch(/^[a-zA-Z]+$/)
      expect(summary.length).toBeGreaterThan(10)
      expect(Object.keys(answers)).toContain('200')
    }
    expect(new Set(PATHS.map(({ name }) => name)).size).toBe(PATHS.length)
  })

  it('refers only to forms that it has', () => {
    const document = toOpenapi('1.2.3') as { components: { schemas: object }; info: object }
    const names = Object.keys(document.components.schemas)
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '')
    expect(refs.length).toBeGreaterThan(10)
    expect(refs.filter((ref) => !names.includes(ref.replace('#/components/schemas/', '')))).toEqual([])
    expect(document.info).toMatchObject({ title: 'Startgate', version: '1.2.3' })
  })

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(toOpenapi('1')))).toEqual(toOpenapi('1'))
  })

  it.each([
    ['Ask', schemas.askSchema],
    ['Decision', schemas.decisionSchema],
    ['Cancellation', schemas.cancellationSchema],
    ['Summary', answers.summarySchema],
    ['Decided', answers.decidedSchema],
    ['List', answers.listSchema],
    ['Events', answers.eventsSchema],
    ['Health', answers.healthSchema],
    ['Problem', answers.problemSchema],
  ] as const)('has an example of %s that is one', (name, schema) => {
    expect(schema.safeParse(EXAMPLES[name as SchemaName]).error).toBeUndefined()
  })
})
