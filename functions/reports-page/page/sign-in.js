// Signing in: at an issuer, or with an API key.

import * as api from './api.js'
import { el, fill } from './dom.js'
import * as session from './session.js'

/**
 * Shows how to get in.
 * @param {HTMLElement} content
 * @param {string | null} why Why the visitor is here, where there is something to say.
 * @param {() => void} onIn
 */
export function showSignIn(content, why, onIn) {
  const way = session.issuers.length > 0 ? issuers() : keyForm(onIn)
  fill(content, el('section', { class: 'sign-in' }, el('h1', {}, 'Sign in'), why && el('p', { class: 'why', role: 'alert' }, why), way))
  content.querySelector(session.issuers.length > 0 ? 'button' : 'input')?.focus()
}

function issuers() {
  return el('div', { class: 'actions' }, session.issuers.map(issuer => el('button', {
    type: 'button', onclick: () => session.signIn(issuer)
  }, `Sign in with ${new URL(issuer.issuer, location.href).host}`)))
}

/** @param {() => void} onIn */
function keyForm(onIn) {
  const problem = el('p', { class: 'problem', role: 'alert', id: 'key-problem' })
  const input = el('input', {
    type: 'password', id: 'key', autocomplete: 'off', required: true, spellcheck: 'false', 'aria-describedby': 'key-problem key-help'
  })
  const button = el('button', { type: 'submit' }, 'Sign in')
  return el('form', {
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault()
      const key = input.value.trim()
      if (!/^cm_[0-9A-Za-z]{38}$/.test(key)) {
        problem.textContent = 'This is no API key: one begins with cm_ and has 41 characters.'
        return
      }
      button.disabled = true
      problem.textContent = ''
      session.keep(key)
      try {
        // Whoever the key belongs to: the API knows it, or not.
        await api.request('caller', { onSlow: () => { problem.textContent = 'The database is waking up …' } })
        onIn()
      } catch (error) {
        session.leave()
        const status = error instanceof api.Problem ? error.status : 0
        problem.textContent = status === 401 ? 'This key is not known, has expired, or was revoked.'
          : error instanceof Error ? error.message : String(error)
        input.focus()
      } finally {
        button.disabled = false
      }
    }
  },
  el('div', { class: 'field' }, el('label', { for: 'key' }, 'API key'), input), button, problem,
  el('p', { id: 'key-help', class: 'help' }, 'It stays in this tab and is forgotten with it. Ask an administrator of your centre for one.'))
}
