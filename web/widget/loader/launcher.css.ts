/**
 * The styles of the launcher and the frame. They are constructed, so no page's CSP blocks them. What
 * is important inside a shadow root wins over what is important on the page.
 */
export const css = `
:host { all: initial !important; display: block !important; position: fixed !important; z-index: 2147483647 !important;
  direction: ltr !important; }
:host::backdrop { display: none !important; }
@media print { :host { display: none !important; } }
button {
  all: unset; box-sizing: border-box; position: fixed; right: 20px; bottom: 20px;
  width: 56px; height: 56px; border-radius: 50%; cursor: pointer;
  display: grid; place-items: center; background: #4150d8; color: #fff;
  box-shadow: 0 2px 6px rgb(20 24 40 / 20%), 0 8px 24px rgb(20 24 40 / 22%);
  transition: transform .16s, background .16s;
}
button:hover { background: #323fb6; transform: translateY(-1px); }
button:active { transform: scale(.96); }
button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #4150d8; }
svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; grid-area: 1 / 1; transition: opacity .16s, transform .16s; }
.open .bubble, :not(.open) > .chevron { opacity: 0; transform: scale(.6); }
.badge { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; padding: 0 6px;
  box-sizing: border-box; border-radius: 11px; border: 2px solid #fff; background: #b3261e; color: #fff;
  font: 700 12px/18px system-ui, sans-serif; text-align: center; }
.badge:empty { display: none; }
iframe {
  position: fixed; right: 20px; bottom: 88px; border: 0; color-scheme: light dark;
  width: 384px; height: min(640px, calc(100vh - 108px)); border-radius: 18px; background: #fff;
  box-shadow: 0 2px 8px rgb(20 24 40 / 12%), 0 16px 48px rgb(20 24 40 / 24%);
  visibility: hidden; opacity: 0; transform: translateY(12px); transform-origin: bottom right;
  transition: opacity .2s, transform .2s cubic-bezier(.2,.7,.2,1), visibility 0s .2s;
}
iframe.open { visibility: visible; opacity: 1; transform: none; transition-delay: 0s; }
@media (prefers-color-scheme: dark) { iframe { background: #171a22; } }
@media (max-width: 480px) {
  iframe { inset: 0; width: 100%; height: 100vh; height: 100dvh; border-radius: 0; }
  button.open { display: none; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
`;
