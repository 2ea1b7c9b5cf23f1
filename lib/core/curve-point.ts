// Whether a public key is a point that somebody alone can sign for. Signatures for a point of small order can be made without
// any secret, and for what is no point at all there is none.
import type { RsaJwk } from './key.ts'
import type { PublicJwk } from './ssh-key.ts'

type OkpJwk = Extract<PublicJwk, { kty: 'OKP' }>

export type PointFlaw = 'no_point' | 'small_order'

// FIPS 186-4, D.1.2.3: y² = x³ - 3x + b. Its order is prime, so no point is of small order.
const P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const P256_B = 0x5ac635d8_aa3a93e7_b3ebbd55_769886bc_651d06b0_cc53b0f6_3bce3c3e_27d2604bn

// RFC 8032, 5.1: y² - x² = 1 + d·x²·y².
const P25519 = 2n ** 255n - 19n
const D25519 = 0x52036cee_2b6ffe73_8cc74079_7779e898_00700a4d_4141d8ab_75eb4dca_135978a3n
/** Of the points of order 8; those of the orders 1, 2 and 4 have 1, -1 and 0. */
const Y_OF_ORDER_8 = 0x05fc536d_880238b1_3933c6d3_05acdfd5_f098eff2_89f4c345_b027b2c2_8f95e826n
const SMALL_ORDER = new Set([0n, 1n, P25519 - 1n, Y_OF_ORDER_8, P25519 - Y_OF_ORDER_8])

/** Of RSA nothing is said. */
export function findPointFlaw(jwk: PublicJwk | RsaJwk): PointFlaw | undefined {
  if (jwk.kty === 'RSA') return undefined
  if (jwk.kty === 'EC') return isOnP256(toNumber(jwk.x), toNumber(jwk.y)) ? undefined : 'no_point'
  if (isOfSmallOrder(jwk)) return 'small_order'
  return isOnEd25519(readY(jwk)) ? undefined : 'no_point'
}

/** Also as what takes a y beyond the prime reads it. */
export function isOfSmallOrder(jwk: OkpJwk): boolean {
  return SMALL_ORDER.has(readY(jwk) % P25519)
}

/** Little-endian; the last bit is the sign of the other coordinate. */
function readY({ x }: OkpJwk): bigint {
  return BigInt.asUintN(255, readNumber(Buffer.from(x, 'base64url').reverse()))
}

function isOnP256(x: bigint, y: bigint): boolean {
  return x < P256 && y < P256 && (y * y - (x * x * x - 3n * x + P256_B)) % P256 === 0n
}

/** x² = (y² - 1) / (d·y² + 1), which is a square where the product of both is one. */
function isOnEd25519(y: bigint): boolean {
  return y < P25519 && isSquare((y * y - 1n) * (D25519 * y * y + 1n), P25519)
}

/** The Jacobi symbol by reciprocity: raising to a power takes five times as long, and each cold start parses a policy. */
function isSquare(value: bigint, prime: bigint): boolean {
  let [above, below, sign] = [value % prime, prime, 1]
  while (above > 0n) {
    while ((above & 1n) === 0n) {
      above >>= 1n
      if ((below & 7n) === 3n || (below & 7n) === 5n) sign = -sign
    }
    if ((above & 3n) === 3n && (below & 3n) === 3n) sign = -sign
    ;[above, below] = [below % above, above]
  }
  return sign === 1
}

function toNumber(base64url: string): bigint {
  return readNumber(Buffer.from(base64url, 'base64url'))
}

function readNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`)
}
