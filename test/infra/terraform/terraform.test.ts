import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readTables } from '#infra/local/create-tables.ts'
import { type Block, declaredIn, FOLDER, keysIn, parseHcl, readText, referredIn, type TerraformFile } from './files.ts'

const text = readText()
const terraform = await parseHcl(text)

/** One resource or data source; fails when there is none. */
function blockOf(of: TerraformFile['resource'], type: string, name: string): Block {
  const found = of[type]?.[name]
  if (found === undefined) throw new Error(`there is no ${type}.${name}`)
  return found
}

function localOf(name: string): unknown {
  return terraform.locals.find((each) => Object.hasOwn(each, name))?.[name]
}

describe('infra/terraform', () => {
  test('takes the official provider alone, in one version', () => {
    expect(terraform.terraform[0]?.['required_providers']).toEqual([
      { alicloud: { source: 'aliyun/alicloud', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) } },
    ])
    expect(Object.keys(terraform.provider)).toEqual(['alicloud'])
    const types = [...Object.keys(terraform.resource), ...Object.keys(terraform.data)]
    expect(types.filter((type) => !type.startsWith('alicloud_'))).toEqual([])
  })

  test('refers to nothing that is not there, and names nothing that nobody refers to', () => {
    const declared = declaredIn(terraform)
    const referred = referredIn(terraform)
    const used = declared.filter((name) => /^(var|local|data)\./.test(name))

    expect([...referred].filter((name) => !declared.includes(name))).toEqual([])
    expect(used.filter((name) => !referred.has(name))).toEqual([])
  })

  test('reads only files that are there', () => {
    const paths = [...text.matchAll(/\$\{path\.module\}(\/[^"]+)"/g)].map(([, path = '']) => path)
    const named = paths.flatMap((path) => ['gate', 'starter'].map((role) => path.replace('${role}', role)))

    expect(paths).toEqual(['/../ram/${role}.json', '/../../s.yaml', '/../tables.json'])
    expect([...text.matchAll(/\w*file\w*\(/g)].map(([call]) => call)).toEqual(['templatefile(', 'file(', 'file('])
    expect(named.filter((path) => !existsSync(join(FOLDER, path)))).toEqual([])
  })

  test('says of every variable what it is, what it may be, and what it is when nobody sets it', () => {
    const incomplete = Object.entries(terraform.variable).filter(
      ([, { type, description, default: standard, validation }]) =>
        typeof description !== 'string' ||
        type === undefined ||
        standard === undefined ||
        // What is true or false needs no further rule.
        (validation === undefined && type !== '${bool}'),
    )

    expect(incomplete).toEqual([])
    expect(Object.keys(terraform.variable)).not.toEqual([])
  })

  test('takes region, functions and limits from s.yaml', () => {
    expect(localOf('service')).toBe('${yamldecode(file("${path.module}/../../s.yaml"))}')
    expect(localOf('region')).toBe('${local.service.vars.region}')
    expect(localOf('functions')).toEqual({
      gate: '${local.service.vars.gate}',
      starter: '${local.service.vars.starter}',
    })
  })
})

describe('the record', () => {
  test('has the tables of tables.json, with everything that stands there', () => {
    expect(localOf('tables')).toBe('${jsondecode(file("${path.module}/../tables.json")).tables}')
    expect(Object.keys(terraform.resource['alicloud_ots_table'] ?? {})).toEqual(['record'])
    const { lifecycle, ...table } = blockOf(terraform.resource, 'alicloud_ots_table', 'record')
    expect(table).toEqual({
      for_each: '${{ for table in local.tables : table.name => table }}',
      instance_name: '${alicloud_ots_instance.record.name}',
      table_name: '${each.value.name}',
      time_to_live: '${each.value.timeToLive}',
      max_version: '${each.value.maxVersions}',
      allow_update: '${each.value.allowUpdate}',
      dynamic: {
        primary_key: [
          {
            for_each: '${each.value.primaryKey}',
            content: [{ name: '${primary_key.value.name}', type: '${title(lower(primary_key.value.type))}' }],
          },
        ],
      },
    })
    expect(lifecycle).toEqual([{ prevent_destroy: true }])
    const fields = ['allowUpdate', 'comment', 'maxVersions', 'name', 'primaryKey', 'timeToLive']
    for (const each of readTables()) expect(Object.keys(each).toSorted()).toEqual(fields)
  })

  test('is reached from a VPC alone, unless somebody says otherwise, and is not destroyed', () => {
    const instance = blockOf(terraform.resource, 'alicloud_ots_instance', 'record')

    expect(instance['network_type_acl']).toBe('${var.tablestore_over_internet ? ["VPC", "INTERNET"] : ["VPC"]}')
    expect(terraform.variable['tablestore_over_internet']).toMatchObject({ default: false, nullable: false })
    expect(instance['lifecycle']).toEqual([{ prevent_destroy: true }])
  })
})

describe('alarms', () => {
  test('ring for the sweep, the limit of the starter, the faults of the gate, and /healthz', () => {
    const alarms = Object.entries(localOf('alarms') as Record<string, { role: string; metric: string }>)

    expect(alarms.map(([name, { role, metric }]) => `${name}: ${role} ${metric}`).toSorted()).toEqual([
      'gate-answers-5xx: gate FunctionHTTPStatus5xx',
      'gate-fails: gate FunctionFunctionErrors',
      'starter-full: starter FunctionOndemandActiveInstance',
      'starter-throttled: starter FunctionConcurrencyThrottles',
      'sweep-fails: starter FunctionFunctionErrors',
      'sweep-silent: starter FunctionTotalInvocations',
    ])
    expect(localOf('starter_limit')).toBe(
      '${local.service.resources.starter.props.concurrencyConfig.reservedConcurrency}',
    )
    expect(blockOf(terraform.resource, 'alicloud_cms_site_monitor', 'healthz')['address']).toBe(
      '${var.public_url}/healthz',
    )
  })

  test('all of them reach whoever is named, and it is said when that is nobody', () => {
    const groups = Object.values(terraform.resource['alicloud_cms_alarm'] ?? {}).map((each) => each['contact_groups'])

    expect(groups).toEqual(['${var.alarm_contact_groups}', '${var.alarm_contact_groups}'])
    expect(terraform.check['somebody_is_alarmed']).toBeDefined()
  })
})

test('the domain is left its certificate, which Terraform never sees', () => {
  const domain = blockOf(terraform.resource, 'alicloud_fcv3_custom_domain', 'gate')

  expect(keysIn(domain)).not.toContain('cert_config')
  expect(domain['lifecycle']).toMatchObject([{ ignore_changes: ['${protocol}', '${cert_config}'] }])
})

describe('the check itself', () => {
  test('finds what is declared, what is referred to, and what is there twice', async () => {
    const sample = await parseHcl(`
      variable "a" { default = "x" }
      locals { b = { c = "\${var.a}-\${var.gone}" } }
      resource "alicloud_x" "d" { e = [for f in local.b : data.alicloud_y.g[0].id] }
    `)

    expect(declaredIn(sample)).toEqual(['var.a', 'local.b', 'alicloud_x.d'])
    expect([...referredIn(sample)]).toEqual(['var.a', 'var.gone', 'local.b', 'data.alicloud_y.g'])
    await expect(parseHcl('variable "a" {}\nvariable "a" {}')).rejects.toThrow()
  })

  test('does not take for HCL what is none', async () => {
    await expect(parseHcl(`${readFileSync(join(FOLDER, 'outputs.tf'), 'utf8')}}`)).rejects.toThrow(
      /outputs|Invalid|Argument/i,
    )
  })
})
