// Builds qa_app/static/build: one style sheet, one script and the icon, each with a content hash in its name and
// compressed beside itself, and manifest.json from plain to hashed names. Run by `make setup`; nothing here runs in production.
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import * as sass from 'sass'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const sources = join(root, 'qa_app', 'static')
const target = join(sources, 'build')
const staging = join(sources, '.build')

function script () {
  const result = esbuild.buildSync({
    entryPoints: [join(sources, 'js', 'app.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none', // the licences stand whole in LICENSES.txt
    write: false
  })
  return Buffer.from(result.outputFiles[0].contents)
}

function styles () {
  const compiled = sass.compile(join(sources, 'scss', 'app.scss'), {
    loadPaths: [join(root, 'node_modules')],
    style: 'compressed',
    quietDeps: true
  })
  return Buffer.from(esbuild.transformSync(compiled.css, { loader: 'css', minify: true }).code)
}

function write (name, content) {
  const extension = extname(name)
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10)
  const hashed = `${name.slice(0, -extension.length)}-${hash}${extension}`
  writeFileSync(join(staging, hashed), content)
  writeFileSync(join(staging, `${hashed}.gz`), gzipSync(content, { level: 9 }))
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
  writeFileSync(join(staging, `${hashed}.br`), brotliCompressSync(content, quality))
  return hashed
}

function licences () {
  return ['htmx.org', 'govuk-frontend', 'dejavu-fonts-ttf'].map((name) => {
    const folder = join(root, 'node_modules', name)
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return `${name} ${version}\n\n${file ? readFileSync(join(folder, file), 'utf8') : 'See its package.'}`
  }).join('\n\n')
}

rmSync(staging, { recursive: true, force: true })
mkdirSync(staging, { recursive: true })
const manifest = {
  'app.js': write('app.js', script()),
  'app.css': write('app.css', styles()),
  'icon.svg': write('icon.svg', readFileSync(join(sources, 'images', 'icon.svg')))
}
// Pictures in Word files are drawn on the server, which may have no fonts of its own.
for (const font of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
  cpSync(join(root, 'node_modules', 'dejavu-fonts-ttf', 'ttf', font), join(staging, font))
}
writeFileSync(join(staging, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
writeFileSync(join(staging, 'LICENSES.txt'), licences())
// A running server keeps the old files until it restarts, so the folder is filled first and swapped last.
cpSync(staging, target, { recursive: true, force: true })
const wanted = new Set(readdirSync(staging))
for (const name of readdirSync(target)) if (!wanted.has(name)) rmSync(join(target, name))
rmSync(staging, { recursive: true, force: true })
