// The visitor's token. It stays in this tab's session storage: a tab that is opened anew does not have it, and it is gone with
// the tab.
//
// Where the deployment names an issuer, the token is got there, by the authorization code with PKCE (RFC 7636); else it is an
// API key that the visitor types in.

/**
 * @typedef {object} Issuer
 * @property {string} issuer
 * @property {string | null} name
 * @property {string} client_id
 * @property {string} authorization_endpoint
 * @property {string} token_endpoint
 * @property {string} scope
 * @property {string} audience
 * @property {boolean} takes_id_token Whether the API takes the ID token; else the access token.
 */

/** @type {Issuer[]} */
export const issuers = JSON.parse(document.getElementById('settings')?.textContent ?? '{}').issuers ?? []

const TOKEN = 'callmetry.token'
const PENDING = 'callmetry.pending'
const LEFT = 'callmetry.left'
const RENEWED = 'callmetry.renewed'

/** A token that is refused sooner than this after it was got is not going to be better the next time. */
const SHORTEST_LIFE = 60_000

/** @returns {string | null} */
export function token() {
  return sessionStorage.getItem(TOKEN)
}

/** @param {string} token */
export function keep(token) {
  sessionStorage.removeItem(LEFT)
  sessionStorage.setItem(TOKEN, token)
}

/** Forgets the token because the visitor wants it so, who is not sent to an issuer again without asking. */
export function leave() {
  expire()
  sessionStorage.setItem(LEFT, 'yes')
}

/** Forgets a token that is not good any more. */
export function expire() {
  sessionStorage.removeItem(TOKEN)
}

/** Says that the API refused the token; `main.js` listens, and leads back to signing in. */
export function refused() {
  document.dispatchEvent(new Event('refused'))
}

/** Whether the visitor can be sent to the only issuer at once: nobody left, and there is nothing to choose. */
export function isObvious() {
  return issuers.length === 1 && sessionStorage.getItem(LEFT) === null
}

/** Whether a token that is not good any more can be renewed in that way, and not over and over. */
export function isRenewable() {
  const last = Number(sessionStorage.getItem(RENEWED))
  if (!isObvious() || Date.now() - last < SHORTEST_LIFE) return false
  sessionStorage.setItem(RENEWED, String(Date.now()))
  return true
}

/** The address that issuers send back to: this page, without a query. */
function here() {
  return location.origin + location.pathname
}

/**
 * Goes to an issuer to sign in. Who has left before may choose another account there. It fails where the browser does no
 * cryptography: on a page that came neither by https nor from this machine.
 * @param {Issuer} issuer
 */
export async function signIn(issuer) {
  const [verifier, state, nonce] = [random(), random(), random()]
  const pending = { issuer: issuer.issuer, client_id: issuer.client_id, verifier, state, nonce, search: location.search }
  sessionStorage.setItem(PENDING, JSON.stringify(pending))
  const url = new URL(issuer.authorization_endpoint)
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
  const parameters = {
    response_type: 'code', client_id: issuer.client_id, redirect_uri: here(), scope: issuer.scope, state, nonce,
    code_challenge: challenge, code_challenge_method: 'S256'
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  // Some issuers make an access token for the API only if they are told of it; others have to ignore what they do not know
  // (RFC 6749, 3.1).
  if (!issuer.takes_id_token) url.searchParams.set('audience', issuer.audience)
  if (sessionStorage.getItem(LEFT) !== null) url.searchParams.set('prompt', 'select_account')
  location.assign(url)
}

/**
 * Takes the code that an issuer sent back with, if this is such a visit, and restores the address of before. Says why it could
 * not, in words for the visitor.
 * @returns {Promise<string | null>}
 */
export async function comeBack() {
  const query = new URLSearchParams(location.search)
  if (!query.has('state') || !(query.has('code') || query.has('error'))) return null
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? '{}')
  sessionStorage.removeItem(PENDING)
  history.replaceState(null, '', location.pathname + (pending.search ?? ''))
  // A visitor who is in needs no answer, wherever it is from.
  if (token() !== null) return null
  const issuer = issuers.find(known => known.issuer === pending.issuer && known.client_id === pending.client_id)
  // RFC 9207: an answer that names another issuer is not the one that was asked for.
  const isOther = query.has('iss') && query.get('iss') !== pending.issuer
  if (!issuer || isOther || query.get('state') !== pending.state) {
    return 'The answer of the identity provider does not belong to this tab. Sign in again.'
  }
  if (query.has('error')) {
    return `The identity provider says: ${query.get('error_description') || query.get('error')}.`
  }
  try {
    const answer = await fetch(issuer.token_endpoint, {
      method: 'POST',
      signal: AbortSignal.timeout(20_000),
      body: new URLSearchParams({
        grant_type: 'authorization_code', code: query.get('code') ?? '', redirect_uri: here(), client_id: issuer.client_id,
        code_verifier: pending.verifier
      })
    })
    if (!answer.ok) return `The identity provider refused the code, with the status ${answer.status}. Sign in again.`
    const tokens = await answer.json()
    // Its signature need not be checked here: it came straight from the issuer (OpenID Connect Core, 3.1.3.7), and the API does.
    if (tokens.id_token && claims(tokens.id_token).nonce !== pending.nonce) {
      return 'The identity provider answered another question. Sign in again.'
    }
    const wanted = issuer.takes_id_token ? tokens.id_token : tokens.access_token
    if (typeof wanted !== 'string') return 'The identity provider gave no token. Tell whoever runs this page.'
    keep(wanted)
    return null
  } catch {
    return 'The identity provider cannot be reached. Try again in a moment.'
  }
}

/** @param {string} jwt */
function claims(jwt) {
  try {
    return JSON.parse(atob(jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')))
  } catch {
    return {}
  }
}

/** 256 random bits. */
export function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)))
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
