// Signing in: at an issuer, or with an API key.

import * as api from './api.js'
import { action, el, fill } from './dom.js'
import * as session from './session.js'

/**
 * Shows how to get in.
 * @param {HTMLElement} content
 * @param {string | null} why Why the visitor is here, where there is something to say.
 * @param {() => void} onIn
 */
export function showSignIn(content, why, onIn) {
  const way = session.issuers.length > 0 ? issuers(content, onIn) : keyForm(content, onIn)
  fill(content, el('section', { class: 'sign-in' }, el('h1', {}, 'Sign in'), why && el('p', { class: 'why', role: 'alert' }, why), way))
  content.querySelector(session.issuers.length > 0 ? 'button' : 'input')?.focus()
}

/** Goes to an issuer, or says why it cannot. @param {HTMLElement} content @param {session.Issuer} issuer @param {() => void} onIn */
export async function goAndSignIn(content, issuer, onIn) {
  try {
    await session.signIn(issuer)
  } catch (error) {
    console.error(error)
    session.leave()
    showSignIn(content, 'This browser cannot sign in here: the page has to be opened by an address that begins with https.', onIn)
  }
}

/** @param {HTMLElement} content @param {() => void} onIn */
function issuers(content, onIn) {
  const host = (/** @type {session.Issuer} */ issuer) => new URL(issuer.authorization_endpoint).host
  const isAlone = (/** @type {session.Issuer} */ issuer) => session.issuers.filter(other => host(other) === host(issuer)).length === 1
  return el('div', { class: 'actions' }, session.issuers.map(issuer => {
    const name = issuer.name ?? (isAlone(issuer) ? host(issuer) : host(issuer) + new URL(issuer.authorization_endpoint).pathname)
    return action({}, `Sign in with ${name}`, () => goAndSignIn(content, issuer, onIn))
  }))
}

/** @param {HTMLElement} content @param {() => void} onIn */
function keyForm(content, onIn) {
  const problem = el('p', { class: 'problem', role: 'alert', id: 'key-problem' })
  const waiting = el('p', { class: 'help', role: 'status' })
  const input = el('input', {
    type: 'password', id: 'key', autocomplete: 'off', required: true, spellcheck: 'false', 'aria-describedby': 'key-problem key-help'
  })
  const button = action({ type: 'submit' }, 'Sign in', async () => {
    const key = input.value.trim()
    if (!/^cm_[0-9A-Za-z]{38}$/.test(key)) {
      problem.textContent = 'This is no API key: one begins with cm_ and has 41 characters.'
      return
    }
    problem.textContent = ''
    session.keep(key)
    try {
      // Whoever the key belongs to: the API knows it, or not.
      await api.request('caller', { onSlow: () => { waiting.textContent = 'Waiting for the database …' } })
      onIn()
      content.focus({ preventScroll: true })
    } catch (error) {
      session.expire()
      const isUnknown = error instanceof api.Problem && error.status === 401
      problem.textContent = isUnknown ? 'This key is not known, has expired, or was revoked.' : error instanceof Error ? error.message : String(error)
      input.focus()
    } finally {
      waiting.textContent = ''
    }
  })
  return el('form', {},
    el('div', { class: 'field' }, el('label', { for: 'key' }, 'API key'), input), button, problem, waiting,
    el('p', { id: 'key-help', class: 'help' }, 'It stays in this tab and is forgotten with it. Ask an administrator of your centre for one.'))
}
