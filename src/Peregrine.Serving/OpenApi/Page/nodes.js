'use strict';
// Small things to build a page from.
const byId = id => document.getElementById(id);

/** An element: its attributes, then its children (nodes or texts). */
function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'class') node.className = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(child => child !== undefined && child !== null && child !== false));
  return node;
}

/** A button that copies a text and says so. */
function copyButton(text, of) {
  const button = make('button', { class: 'button quiet', type: 'button', 'aria-label': 'Copy ' + of, onclick: async () => {
    try { await navigator.clipboard.writeText(text()); button.textContent = 'Copied'; } catch { button.textContent = 'Copying is not allowed here'; }
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  } }, 'Copy');
  return button;
}

/** JSON with a colour for each kind of token. */
function jsonNodes(text) {
  const nodes = [];
  let last = 0;
  for (const found of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\b(?:true|false|null)\b/g)) {
    nodes.push(text.slice(last, found.index));
    const kind = found[2] ? 'key' : found[1] ? 'text' : /^[-\d]/.test(found[0]) ? 'number' : 'word';
    nodes.push(make('span', { class: 'json-' + kind }, found[1] ?? found[0]), found[2] ?? '');
    last = found.index + found[0].length;
  }
  return [...nodes, text.slice(last)];
}

/** Tabs by the ARIA pattern: arrows move, one panel below. */
function tabs(label, names, onPick) {
  const list = make('div', { class: 'tabs', role: 'tablist', 'aria-label': label });
  const buttons = names.map(name => make('button', { type: 'button', role: 'tab', onclick: () => pick(name) }, name));
  function pick(name, isFocused) {
    buttons.forEach((button, at) => {
      const isHere = names[at] === name;
      button.setAttribute('aria-selected', isHere);
      button.tabIndex = isHere ? 0 : -1;
      if (isHere && isFocused) button.focus();
    });
    onPick(name);
  }
  list.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) pick(names[(names.length + buttons.indexOf(document.activeElement) + step) % names.length], true);
  });
  list.append(...buttons);
  return { list, pick };
}
