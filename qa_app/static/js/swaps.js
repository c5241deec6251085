// After htmx has put a fragment in: start its components, move focus where the fragment asks, and say what changed.

// While somebody types or chooses a filter, focus stays where it is; otherwise it goes to what the fragment marks.
function place (target, source) {
  const errors = target.querySelector('.govuk-error-summary')
  if (errors) return // the component takes focus itself
  const wanted = target.matches('[data-focus]') ? target : target.querySelector('[data-focus]')
  const lost = !source.isConnected && (document.activeElement ?? document.body) === document.body
  // A link inside what was swapped has a successor of the same id, such as a column's heading.
  const again = source.id ? document.getElementById(source.id) : null
  const element = wanted ?? (lost ? again ?? target.querySelector('h1, h2') ?? target : null)
  if (!element) return
  if (!element.matches('a[href], button, input, select, textarea')) element.setAttribute('tabindex', '-1')
  element.focus()
}

function announce (target) {
  const words = target.querySelector('[data-announce]')?.textContent
  const region = document.getElementById('announce')
  if (words && region) region.textContent = words.trim().replace(/\s+/g, ' ')
}

// On a phone the filters would push the list off the screen, so they begin folded away: tags say which are in force.
function foldFilters () {
  if (!window.matchMedia('(max-width: 40em)').matches) return
  for (const panel of document.querySelectorAll('details.app-filters')) panel.open = false
}

export function startSwaps (start) {
  foldFilters()
  document.addEventListener('htmx:after:swap', (event) => {
    const { target, sourceElement } = event.detail.ctx
    const root = target?.isConnected ? target : document.getElementById(target?.id) ?? document
    start(root)
    if (root === document) return
    place(root, sourceElement)
    announce(root)
  })
  // A filter left open says nothing, so it has no place in the address.
  document.addEventListener('htmx:config:request', (event) => {
    const { request, sourceElement } = event.detail.ctx
    if (request.method !== 'GET' || !sourceElement.matches('form')) return
    for (const [key, value] of [...request.body]) if (value === '') request.body.delete(key)
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return // closes the panel it is pressed in
    const open = event.target.closest?.('details.app-filters[open]')
    if (open) open.open = false
  })
}
