// Long forms save themselves: <form data-autosave data-conflict="id-of-region"> with a hidden "version" input and a
// <p data-saved> for the quiet line. Every save is the form's own POST with `X-Autosave: 1`; the server answers
//   200, 204  saved; `X-Version` holds the new version, `X-Saved-At` the time to show
//   400       the page's token is old: a fresh one is taken and the save tried once more
//   401       signed out: the text stays on the page and is tried again
//   409       somebody else saved first: the answer shows both texts, in the region named by data-conflict
//   422       saved as far as it could be read: the answer's text says what could not
// Nothing is kept in the browser's storage.
import { anchor } from './messages.js'
import { renewToken } from './tokens.js'

const PAUSE = 1500
const RETRIES = [2000, 5000, 10000, 20000, 30000]
const started = new WeakSet()

class Autosave {
  constructor (form) {
    this.form = form
    this.line = form.querySelector('[data-saved]')
    this.saved = this.body()
    this.tries = 0
    this.conflict = false
    form.addEventListener('input', () => this.soon(PAUSE))
    form.addEventListener('change', () => this.soon(0))
    form.addEventListener('focusout', () => this.soon(0))
    form.addEventListener('submit', (event) => this.submitting(event))
    window.addEventListener('pageshow', () => { this.leaving = false })
    window.addEventListener('online', () => this.soon(0))
    window.addEventListener('focus', () => this.soon(0))
    window.addEventListener('beforeunload', (event) => this.warn(event))
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.save(true)
    })
  }

  body () {
    // The version and the token are not the person's words: a new one is no reason to save.
    const data = new URLSearchParams(new FormData(this.form))
    data.delete('version')
    data.delete('csrf_token')
    return data.toString()
  }

  get unsaved () {
    return this.form.isConnected && this.body() !== this.saved
  }

  soon (delay) {
    if (!this.unsaved || this.conflict) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(false), delay)
  }

  warn (event) {
    if (this.leaving || !this.unsaved) return
    this.save(true)
    event.preventDefault()
  }

  // A button first waits until the words are saved. A save under way takes the version that the form would send, so the
  // form would clash with itself; and signed out or without a network, leaving the page would lose the words.
  submitting (event) {
    if (this.conflict || !(this.busy || this.unsaved)) {
      this.leaving = true
      return
    }
    event.preventDefault()
    this.pressed = { button: event.submitter }
    this.save(false)
  }

  pressAgain () {
    if (!this.pressed || this.renewed) return
    const { button } = this.pressed
    this.pressed = null
    if (!this.conflict && !(this.trouble && this.unsaved)) this.form.requestSubmit(button)
  }

  async save (keepalive) {
    if (this.busy || this.leaving || this.conflict || !this.unsaved) return
    clearTimeout(this.timer)
    this.busy = true
    const sending = this.body()
    if (!this.trouble) this.say('Saving…')
    try {
      if (this.stale && !await this.renew()) this.signIn()
      else await this.answer(await this.post(keepalive), sending)
    } catch {
      this.again('Not saved: no connection. Trying again. Your text stays on this page.')
    } finally {
      this.busy = false
    }
    this.pressAgain()
    if (!this.trouble) this.soon(PAUSE)
  }

  post (keepalive) {
    const headers = { 'X-Autosave': '1', Accept: 'text/html' }
    const token = this.form.elements.csrf_token?.value
    if (token) headers['X-CSRFToken'] = token
    const body = new URLSearchParams(new FormData(this.form))
    // A browser refuses keepalive for more than 64 KB; a plain request may still get through.
    const small = body.toString().length < 60000
    return fetch(this.form.action, { method: 'POST', headers, body, keepalive: keepalive && small, redirect: 'error' })
  }

  async renew () {
    const page = await renewToken(() => { this.leaving = true })
    if (page) this.stale = false
    return page !== null
  }

  async answer (response, sending) {
    const expired = response.status === 400 && !this.renewed
    this.stale = response.status === 401 || expired
    this.renewed = response.status === 400
    if (expired) return this.again('Saving…', 0)
    if (response.ok) return this.done(response, sending)
    if (response.status === 401) return this.signIn()
    if (response.status === 409) return this.clash(await response.text())
    const words = response.headers.get('X-Message')
    if (response.status === 422) {
      this.takeVersion(response)
      this.saved = sending
      return this.say(words ?? 'Not all of this could be saved. Check what you entered.', true)
    }
    if (response.status < 500) return this.stop(words ?? 'Not saved. Copy your text, then reload the page.')
    this.again('Not saved: the service did not answer. Trying again. Your text stays on this page.')
  }

  done (response, sending) {
    this.takeVersion(response)
    this.saved = sending
    this.tries = 0
    this.say(`Saved at ${response.headers.get('X-Saved-At') ?? now()}`)
  }

  takeVersion (response) {
    const version = response.headers.get('X-Version')
    const input = this.form.elements.version
    if (version && input) input.value = version
  }

  signIn () {
    const href = document.body.dataset.signIn
    this.again('Not saved: you have been signed out. Your text stays on this page.')
    if (href) this.line?.append(' ', anchor({ href, text: 'Sign in again', newTab: true }))
    this.line?.append(' Then come back here: it saves by itself.')
  }

  clash (html) {
    this.stop('Not saved: this was changed somewhere else. Both texts are shown on this page.')
    const region = document.getElementById(this.form.dataset.conflict)
    if (!region) return
    region.innerHTML = html
    window.htmx?.process(region)
    region.setAttribute('tabindex', '-1')
    region.focus()
  }

  stop (words) {
    this.conflict = true
    this.say(words, true)
  }

  again (words, delay = RETRIES[Math.min(this.tries, RETRIES.length - 1)]) {
    this.tries += 1
    this.say(words, true)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(false), delay)
  }

  say (words, trouble = false) {
    this.trouble = trouble
    if (!this.line) return
    this.line.classList.toggle('app-saved--trouble', trouble)
    // The same words again would be read out again.
    if (this.line.textContent !== words) this.line.textContent = words
  }
}

function now () {
  return new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

export function startAutosave (scope) {
  const forms = [...scope.querySelectorAll('form[data-autosave]')]
  if (scope.matches?.('form[data-autosave]')) forms.push(scope)
  for (const form of forms) {
    if (started.has(form)) continue
    started.add(form)
    new Autosave(form).soon(0)
  }
}
