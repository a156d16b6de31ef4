import { defineConfig, type Plugin } from 'vite';
import { offline } from './build/offline.js';

/** What a page may load: its own files, and WebAssembly compiled from them. Inline scripts and styles are refused. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  // blob: for pictures that the page makes of its own figures.
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The policy as a meta element of the built page, so that any static host serves it. The dev server needs inline styles. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'hw5-content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Browsers that run the lab read woff2: KaTeX's fonts in two older formats stay out of the build. */
function onlyWoff2(): Plugin {
  return {
    name: 'hw5-only-woff2',
    enforce: 'pre',
    transform: (code, id) =>
      /katex[^?]*\.css/.test(id)
        ? code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)/g, '')
        : undefined,
  };
}

/**
 * KaTeX writes the width of some stretched brackets twice, as an attribute and as an inline style, which the policy refuses
 * with a complaint. The attribute is enough.
 */
function noInlineStyles(): Plugin {
  return {
    name: 'hw5-no-inline-styles',
    enforce: 'pre',
    transform: (code, id) =>
      /katex[^?]*\.m?js/.test(id) ? code.replaceAll('"style": "width:" + makeEm(width),', '') : undefined,
  };
}

/** Headers that make a page cross-origin isolated; the lab works with and without. */
const headers: Record<string, string> =
  process.env.HW5_NO_ISOLATION === '1'
    ? {}
    : { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  // Relative, so that the built page works in any folder of any host.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  server: { headers, fs: { allow: ['../..'] } },
  preview: { headers },
  build: {
    target: 'es2023',
    // Browsers that know light-dark(), which the colours are written in.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Data URLs would need a laxer policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [onlyWoff2(), noInlineStyles(), contentSecurityPolicy(), offline()],
});
