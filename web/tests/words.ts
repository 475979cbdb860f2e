import en from '@/locales/en'
import zh from '@/locales/zh-CN'

type Tree = { [key: string]: string | Tree }

function find(tree: Tree, key: string): string {
  let here: string | Tree | undefined = tree
  for (const part of key.split('.')) here = typeof here === 'object' ? here[part] : undefined
  if (typeof here !== 'string') throw new Error(`no words for ${key}`)
  return here
}

function sayer(tree: Tree) {
  return (key: string, named: Record<string, unknown> = {}) =>
    find(tree, key).replace(/\{(\w+)\}/g, (_, name: string) => String(named[name]))
}

export const sayZh = sayer(zh as Tree)
export const sayEn = sayer(en as Tree)

/** Every key of a locale with its words. */
export function leaves(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = prefix ? `${prefix}.${key}` : key
    return typeof value === 'string' ? [[path, value] as [string, string]] : leaves(value, path)
  })
}
