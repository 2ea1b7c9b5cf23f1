// The languages that people are spoken to in, and which of them somebody asks for.

export type Language = 'en' | 'zh'

/** As HTTP and HTML name them. */
export const LANGUAGE_TAGS: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' }

/** One item of Accept-Language (RFC 9110 §12.5.4): a range, and a quality of at most three digits. */
const ITEM = /^([a-z]{1,8}|\*)(?:-[a-z0-9]{1,8})*(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i

interface Wish {
  readonly range: string
  readonly quality: number
}

/**
 * What the header wants most; of two wanted alike, what it names first. Any form of Chinese gets the one there is.
 * English where it wants neither, wants nothing, or cannot be read.
 */
export function pickLanguage(acceptLanguage: string | undefined): Language {
  const wishes = (acceptLanguage ?? '').split(',').flatMap(toWish)
  const [zh, en] = [findBest(wishes, 'zh'), findBest(wishes, 'en')]
  if (zh === undefined || zh.quality === 0) return 'en'
  if (en === undefined || zh.quality > en.quality) return 'zh'
  return zh.quality === en.quality && wishes.indexOf(zh) < wishes.indexOf(en) ? 'zh' : 'en'
}

function toWish(item: string): readonly Wish[] {
  const [, range, quality] = ITEM.exec(item.trim()) ?? []
  return range === undefined ? [] : [{ range: range.toLowerCase(), quality: Number(quality ?? 1) }]
}

/** `*` stands for what is not named. */
function findBest(wishes: readonly Wish[], language: Language): Wish | undefined {
  const named = wishes.filter(({ range }) => range === language)
  const meant = named.length > 0 ? named : wishes.filter(({ range }) => range === '*')
  return meant.toSorted((one, other) => other.quality - one.quality)[0]
}
