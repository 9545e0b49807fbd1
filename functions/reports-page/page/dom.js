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
