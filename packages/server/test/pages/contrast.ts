import type { Page } from 'playwright-core'

/** Texts that differ too little from what is behind them (below 4.5 to 1, as WCAG AA has it for text). */
export function tooFaint(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(script)
}

// As text: these run in the page, whose globals no test has.
const script = `(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number)
  const linear = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = numbers(getComputedStyle(at).backgroundColor)
      if (color.length === 3 || color[3] > 0) return color
    }
    return [255, 255, 255]
  }
  const ratio = (element) => {
    const [one, other] = [numbers(getComputedStyle(element).color), behind(element)].map(luminance)
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  }
  const withText = [...document.body.querySelectorAll('*')].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ''),
  )
  return withText.filter((element) => ratio(element) < 4.5).map((element) => element.outerHTML.slice(0, 80))
})()`
