import { defineConfig, type Plugin } from 'vite';

/** What a page may load: its own files, and WebAssembly compiled from them. Inline scripts and styles are refused. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
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
    // Data URLs would need a laxer policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [contentSecurityPolicy()],
});
