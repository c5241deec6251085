// After signing in again in another tab this page's token is an old one. A fresh copy of the page holds a new one, and
// says whether the same person signed in: nobody else on this browser may see or save what stands on this page.
// Gives the fresh copy, or null where nobody is signed in; `leaving` is called before another person's home page opens.
export async function renewToken (leaving = () => {}) {
  const response = await fetch(window.location.href, { headers: { Accept: 'text/html' }, redirect: 'manual' })
  if (!response.ok) return null
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const token = page.querySelector('input[name=csrf_token]')?.value
  if (!token) return null
  if (page.body.dataset.person !== document.body.dataset.person) {
    leaving()
    window.location.replace('/')
    return null
  }
  for (const input of document.querySelectorAll('input[name=csrf_token]')) input.value = token
  const headers = page.body.getAttribute('hx-headers:inherited')
  if (headers) document.body.setAttribute('hx-headers:inherited', headers)
  return page
}
