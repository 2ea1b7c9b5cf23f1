// The part of the official SDK that is called here; it ships no types.
declare module '@alicloud/fc2' {
  class Client {
    constructor(
      accountId: string,
      config: {
        readonly accessKeyID: string
        readonly accessKeySecret: string
        readonly securityToken: string | undefined
        readonly region: string
        readonly secure: boolean
        readonly endpoint?: string
        readonly timeout: number
        readonly headers: Readonly<Record<string, string>>
      },
    )
    version: string
    post(
      path: string,
      body: Buffer,
      headers: Readonly<Record<string, string>>,
      queries: Readonly<Record<string, string>>,
    ): Promise<unknown>
  }
  export = Client
}
