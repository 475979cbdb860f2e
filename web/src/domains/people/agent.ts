const BROWSERS: readonly [string, RegExp][] = [
  ['Edge', /\bEdgA?\/(\d+)/],
  ['360', /\bQHBrowser\/(\d+)/],
  ['Firefox', /\bFirefox\/(\d+)/],
  ['Chrome', /\b(?:Headless)?Chrom(?:e|ium)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+).*\bSafari\//],
]
const SYSTEMS: readonly [string, RegExp][] = [
  ['HarmonyOS', /HarmonyOS|OpenHarmony/],
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux|X11/],
]

/** What people call the browser and system of a `User-Agent`; the header itself where it is none they would know. */
export function agentName(header: string): string {
  const browser = BROWSERS.map(([name, shape]) => [name, shape.exec(header)?.[1]]).find(
    ([, version]) => version,
  )
  const system = SYSTEMS.find(([, shape]) => shape.test(header))?.[0]
  return [browser?.join(' '), system].filter(Boolean).join(' · ') || header
}
