// Packages that the artifact has in its own node_modules, and no bundle: where the code of each lies.

export interface Vendored {
  /** The package under whose name the file lies. */
  readonly in: string
  /** Which of its exports is this package; default: all of them. */
  readonly part?: string
}

/**
 * The ECS client and the two packages that share classes with it go into one file, and all three names lead into it:
 * whoever imports `Config` from one and `Client` from another gets parts of the same instance.
 */
export const PACKAGES: Readonly<Record<string, Vendored>> = {
  '@alicloud/tablestore': { in: '@alicloud/tablestore' },
  '@alicloud/ecs20140526': { in: '@alicloud/ecs20140526', part: 'ecs' },
  '@alicloud/openapi-core': { in: '@alicloud/ecs20140526', part: 'core' },
  '@darabonba/typescript': { in: '@alicloud/ecs20140526', part: 'runtime' },
  xml2js: { in: 'xml2js' },
  '@alicloud/fc2': { in: '@alicloud/fc2' },
  '@simplewebauthn/server': { in: '@simplewebauthn/server' },
  '@simplewebauthn/server/helpers': { in: '@simplewebauthn/server' },
}

/** The module of ours that the loader stands in for. */
export const BYTECODE = '#lib/bytecode.ts'

/** Relative to the artifact. */
export function toFile({ in: name }: Vendored): string {
  return `node_modules/${name}/sdk.js`
}
