/** The story did not go as it is told. */
export class Deviation extends Error {
  override readonly name = 'Deviation'
}

export function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Deviation(otherwise)
}
