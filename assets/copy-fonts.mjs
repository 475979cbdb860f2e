// Copies the Chinese type that letters are set in (OFL) to where the package ships it from.
import { copyFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, '..', 'src', 'rongdun', 'runtime', 'letters', 'fonts')
const families = { 'noto-sans-sc': 'NotoSansSC', 'noto-serif-sc': 'NotoSerifSC' }
const weights = ['400Regular', '700Bold']

/** Copies under another name first, so that an interrupted copy is never taken for a font. */
function copy(from, to) {
  if (existsSync(to) && statSync(to).size === statSync(from).size) return
  copyFileSync(from, `${to}.part`)
  renameSync(`${to}.part`, to)
}

mkdirSync(target, { recursive: true })
for (const [folder, family] of Object.entries(families)) {
  const source = join(here, 'node_modules', '@expo-google-fonts', folder)
  for (const weight of weights) {
    const name = `${family}_${weight}.ttf`
    copy(join(source, weight, name), join(target, name))
  }
  copy(join(source, 'LICENSE_FONT'), join(target, `${family}-OFL.txt`))
}
