/** What bytecode is good for: this very version of Node, on such a machine. */
export const RUNTIME = `${process.version}-${process.platform}-${process.arch}`
