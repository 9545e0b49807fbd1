// What is said where there is nothing to show, and what the reader can do about it.

import { Problem } from './api.js'
import { announce, el } from './dom.js'

/**
 * A notice, which screen readers are told of.
 * @param {string} title
 * @param {string} text
 * @param {...(Element | null | undefined | false)} actions
 */
export function notice(title, text, ...actions) {
  announce(`${title}. ${text}`)
  return el('section', { class: 'notice' }, el('h2', {}, title), el('p', {}, text), el('div', { class: 'actions' }, ...actions))
}

/** While an answer takes so long that the database must be asleep. */
export function waking() {
  return notice('Waiting for the database',
    'It sleeps while nobody asks, and then needs about a quarter of a minute. This page goes on by itself; there is nothing to do.')
}

/**
 * Why something failed.
 * @param {unknown} error
 * @param {() => void} retry
 */
export function failure(error, retry) {
  const again = el('button', { type: 'button', 'data-focus': 'again', onclick: retry }, 'Try again')
  if (!(error instanceof Problem)) {
    console.error(error)
    return notice('This page made a mistake', 'Reload it. If that does not help, tell whoever runs it.', again)
  }
  const fields = error.errors.map(({ field, message }) => `${field} ${message}`).join('; ').replaceAll('`', '')
  switch (error.status) {
    case 0: return notice('No connection', error.message, again)
    case 400: return notice('This cannot be asked for', fields ? `${fields}.` : error.message)
    case 403: return notice('This is not for your role',
      `${error.message} An administrator of your centre can give you that role, or another key.`)
    case 404: return notice('There is nothing here', error.message)
    case 429: return notice('Too many requests', 'Wait a moment, then try again.', again)
    case 503: return notice('It is not ready yet', 'It was asked several times. Try again; if it goes on, tell whoever runs this page.', again)
    default: return notice('Something went wrong', error.requestId
      ? `The mistake is on our side. Tell support this number: ${error.requestId}` : error.message, again)
  }
}
