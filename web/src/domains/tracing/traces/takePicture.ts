import { paint } from './paint'
import { svgOf, type Caption } from './picture'
import type { Scene } from './scene'
import { themeOf } from './theme'

const MOST_PIXELS = 12_000
const MARGIN = 32
const HEAD = 84

/** Saves the whole tree as a picture, in the light colours of print. */
export async function takePicture(
  kind: 'svg' | 'png',
  scene: Scene,
  caption: Caption,
  name: string,
): Promise<void> {
  const light = document.createElement('div')
  const theme = await inLight(light)
  const blob =
    kind === 'svg'
      ? new Blob([svgOf(scene, theme, caption)], { type: 'image/svg+xml' })
      : await png(scene, theme, caption)
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = `${name}.${kind}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** The tokens of the light theme, whatever the screen wears now. */
async function inLight(probe: HTMLElement) {
  const root = document.documentElement
  const worn = root.dataset.theme
  root.dataset.theme = 'light'
  document.body.append(probe)
  const theme = themeOf(probe)
  probe.remove()
  if (worn) root.dataset.theme = worn
  return theme
}

async function png(scene: Scene, theme: ReturnType<typeof themeOf>, caption: Caption): Promise<Blob> {
  const size = { width: Math.max(scene.width, 720) + 2 * MARGIN, height: scene.height + HEAD + 2 * MARGIN }
  const ratio = Math.min(2, MOST_PIXELS / size.width, MOST_PIXELS / size.height)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(size.width * ratio)
  canvas.height = Math.round(size.height * ratio)
  const context = canvas.getContext('2d')!
  paint(context, { scene, camera: { x: -MARGIN, y: -HEAD, scale: 1 }, size, ratio, theme, selected: null })
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.fillStyle = theme.ink
  context.font = `700 20px ${theme.font}`
  context.fillText(caption.title, MARGIN, 34)
  context.fillStyle = theme.quiet
  context.font = `13px ${theme.font}`
  context.fillText(caption.heading, MARGIN, 58)
  context.font = `11px ${theme.font}`
  context.fillText(caption.mark, MARGIN, size.height - 12)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
  )
}
