import { layoutOf, type LayoutInput } from './layout'

/** Reckons positions off the main thread; answers carry the number of their question. */
self.addEventListener('message', (event: MessageEvent<{ number: number; input: LayoutInput }>) => {
  const { number, input } = event.data
  self.postMessage({ number, layout: layoutOf(input) })
})
