// The one region for messages, #notice, which screen readers announce. Used when no server answer can be shown.
export function notice (text, link) {
  const region = document.getElementById('notice')
  if (!region) return
  const paragraph = document.createElement('p')
  paragraph.className = 'app-message__text'
  paragraph.textContent = text
  if (link) paragraph.append(' ', anchor(link))
  const box = document.createElement('div')
  box.className = 'app-message app-message--error'
  box.append(paragraph)
  region.replaceChildren(box)
  region.scrollIntoView({ block: 'nearest' })
}

export function anchor ({ href, text, newTab }) {
  const element = document.createElement('a')
  element.className = 'govuk-link'
  element.href = href
  element.textContent = newTab ? `${text} (opens in a new tab)` : text
  if (newTab) element.target = '_blank'
  if (newTab) element.rel = 'noopener'
  return element
}

// A refused htmx request carries its own message for #notice. Anything else that failed must not replace a part of the page.
function stopUnexpected (event) {
  const { response } = event.detail.ctx
  const meantForSwap = response.headers.has('HX-Retarget') || response.status === 422
  if (response.raw.redirected && !response.headers.has('X-Fragment')) {
    event.preventDefault()
    window.location.assign(response.raw.url)
  } else if (response.status >= 400 && !meantForSwap) {
    event.preventDefault()
    notice('Something went wrong, so nothing was changed. Try again in a minute.')
  }
}

export function startMessages () {
  document.addEventListener('htmx:before:response', stopUnexpected)
  document.addEventListener('htmx:error', (event) => {
    if (event.detail.ctx) notice('There is no connection, so nothing was changed. Check your network and try again.')
  })
}
