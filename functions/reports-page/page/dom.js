// Makes elements. Text is only ever text: nothing here parses HTML, so that no name of a campaign can become any.

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with its attributes and children. `on...` are listeners, `style` sets custom properties, `true` is an attribute
 * without a value, and what is null, undefined or false is left out.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'style') for (const [property, text] of Object.entries(value)) element.style.setProperty(property, String(text))
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  fill(element, ...children)
  return element
}

/**
 * Puts these children in the place of what an element has.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  const present = children.flat().filter(child => child !== null && child !== undefined && child !== false)
  element.replaceChildren(.../** @type {(Node | string)[]} */ (present))
}

/** Text for screen readers alone. @param {string} text */
export function unseen(text) {
  return el('span', { class: 'unseen' }, text)
}

/**
 * A button that does something that takes a while. Meanwhile it does nothing else, and keeps the focus, which a disabled one loses.
 * @param {Record<string, any>} attributes
 * @param {string} label
 * @param {() => Promise<void>} act
 */
export function action(attributes, label, act) {
  const button = el('button', { type: 'button', ...attributes, onclick: async (/** @type {Event} */ event) => {
    event.preventDefault()
    if (button.getAttribute('aria-disabled') !== null) return
    button.setAttribute('aria-disabled', 'true')
    try {
      await act()
    } finally {
      button.removeAttribute('aria-disabled')
    }
  } }, label)
  return button
}

/** Tells screen readers, by the page's one live region. @param {string} text */
export function announce(text) {
  const region = document.getElementById('announcer')
  if (region && region.textContent !== text) region.textContent = text
}

/** Draws, and leaves the focus where it was: on what is called the same by `data-focus`. @param {() => void} draw */
export function keepingFocus(draw) {
  const name = document.activeElement?.getAttribute('data-focus')
  draw()
  if (name) /** @type {HTMLElement | null} */ (document.querySelector(`[data-focus="${CSS.escape(name)}"]`))?.focus({ preventScroll: true })
}
