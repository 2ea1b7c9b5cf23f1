// The part of the official SDK that is called here; it ships no types.
declare module '@alicloud/fc2' {
  class Client {
    /** The value of `authorization`. `path`: without the query. Of the headers, which are in lower case, some are signed. */
    static getSignature(
      accessKeyId: string,
      accessKeySecret: string,
      method: 'POST',
      path: string,
      headers: Readonly<Record<string, string>>,
    ): string
  }
  export = Client
}
