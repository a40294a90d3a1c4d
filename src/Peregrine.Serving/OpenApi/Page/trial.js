// Sending one call from the page.

/** How an operation is asked: its JSON body, or its parameters. */
function editor(api, path, method, operation, examples) {
  return operation.requestBody ? bodyEditor(path, operation) : queryEditor(path, operation, examples);
}

function bodyEditor(path, operation) {
  const id = 'body-' + path;
  const examples = Object.entries(operation.requestBody.content['application/json'].examples ?? {});
  const text = at => JSON.stringify(examples[at]?.[1].value ?? {}, null, 2);
  const area = make('textarea', { id, spellcheck: 'false', autocapitalize: 'off', 'aria-describedby': id + '-fault' }, text(0));
  area.rows = Math.min(24, Math.max(8, area.value.split('\n').length));
  const fault = make('p', { id: id + '-fault', class: 'small bad', role: 'alert' });
  const pick = examples.length > 1
    ? make('select', { 'aria-label': 'Example to start from', onchange: () => { area.value = text(pick.selectedIndex); area.dispatchEvent(new Event('input')); } }, examples.map(([name]) => make('option', {}, name)))
    : undefined;
  return {
    node: make('div', { class: 'stack' }, make('div', { class: 'field' }, make('div', { class: 'row spread' }, make('label', { for: id }, 'Body'), explainSwitch(area, operation)), pick, area, fault)),
    onChange: changed => area.addEventListener('input', changed),
    /** Null, and said at the field, when it is no JSON. */
    read() {
      try {
        const body = JSON.parse(area.value);
        fault.textContent = '';
        area.removeAttribute('aria-invalid');
        return { search: '', text: area.value, body };
      } catch (slip) {
        fault.textContent = 'This is no JSON yet: ' + slip.message + '.';
        area.setAttribute('aria-invalid', 'true');
        return null;
      }
    },
  };
}

function parameterField(path, parameter, value) {
  const id = 'parameter-' + path + '-' + parameter.name;
  const schema = parameter.schema ?? {};
  const values = schema.enum?.filter(one => one !== null) ?? ([].concat(schema.type ?? []).includes('boolean') ? [true, false] : undefined);
  const seen = schema['x-peregrine-training'];
  const words = [seen && trainingWords(seen), schema.default !== undefined && 'default ' + schema.default, !values && rangeWords(schema), parameter.description].filter(Boolean);
  const known = seen?.values?.length ? make('datalist', { id: id + '-values' }, seen.values.map(one => make('option', { value: one }))) : undefined;
  const input = values
    ? make('select', { id, 'aria-describedby': id + '-hint' }, make('option', { value: '' }, 'as set'), values.map(one => make('option', {}, String(one))))
    : make('input', { id, type: 'text', spellcheck: 'false', autocapitalize: 'off', 'aria-describedby': id + '-hint', placeholder: typeWords(schema).replace(', may be null', ''), list: known ? id + '-values' : undefined });
  if (value !== undefined && value !== null) input.value = String(value);
  const short = parameter.name.replace(/^explanations\./, '');
  const isOpen = schema.type === 'object';
  if (isOpen) input.placeholder = 'amount=12.5&country=FR';
  return { name: parameter.name, isOpen, isRequired: parameter.required, input, node: make('div', { class: 'field' }, make('label', { for: id }, make('code', {}, short)), input, known,
    make('p', { id: id + '-hint', class: 'hint' }, words.join('; ') || typeWords(schema))) };
}

function queryEditor(path, operation, example) {
  const fields = (operation.parameters ?? []).map(parameter => parameterField(path, parameter, example?.[parameter.name]));
  const isExplanation = field => field.name.startsWith('explanations.');
  const group = (legend, some) => some.length ? make('fieldset', {}, make('legend', {}, legend), make('div', { class: 'fields' }, some.map(field => field.node))) : undefined;
  return {
    node: make('div', { class: 'stack' }, group('Features', fields.filter(field => !isExplanation(field))), group('Explanations', fields.filter(isExplanation))),
    onChange: changed => fields.forEach(field => field.input.addEventListener('input', changed)),
    // What is required is sent empty too: a missing value.
    read: () => ({ search: '?' + new URLSearchParams(fields.filter(({ isRequired, input }) => isRequired || input.value !== '').flatMap(({ name, isOpen, input }) => isOpen ? [...new URLSearchParams(input.value)] : [[name, input.value]])) }),
  };
}

/** The answer: not there before the first call. */
function answerBox() {
  const status = make('span', { class: 'tag' });
  const took = make('span', { class: 'small muted num' });
  const pre = make('pre', { tabindex: '0', 'aria-label': 'Answer' });
  const why = make('div', { class: 'why', hidden: true });
  const node = make('div', { class: 'box answer', hidden: true }, make('div', { class: 'box-head spread' },
    make('div', { class: 'row', role: 'status' }, status, took), copyButton(() => pre.textContent, 'the answer')), why, pre);
  return {
    node,
    show(code, words, time, text, bars = []) {
      node.hidden = false;
      status.className = 'tag ' + (code >= 200 && code < 300 ? 'good' : code >= 400 && code < 500 ? 'warn' : 'bad');
      status.textContent = words;
      took.textContent = time;
      why.hidden = bars.length === 0;
      why.replaceChildren(...bars);
      pre.replaceChildren(...jsonNodes(text));
    },
  };
}

async function send(method, url, asked, headers, answer) {
  const started = performance.now();
  try {
    const response = await fetch(url + asked.search, { method, body: asked.text, credentials: 'omit', headers: { ...headers, ...(asked.text === undefined ? {} : { 'Content-Type': 'application/json' }) } });
    const text = await response.text();
    const took = performance.now() - started;
    let shown = text, onNode, bars;
    try {
      const json = JSON.parse(text);
      onNode = json.timing?.total;
      shown = JSON.stringify(json, null, 2);
      bars = influences(json, asked.body ?? { features: Object.fromEntries(new URLSearchParams(asked.search)) });
    } catch { /* Shown as it came. */ }
    const time = took.toFixed(1) + ' ms' + (onNode === undefined ? '' : ', ' + (onNode < 0.1 ? onNode.toFixed(3) : onNode.toFixed(2)) + ' ms of it scoring') + ' · ' + figure(new Blob([text]).size) + ' bytes';
    answer.show(response.status, (response.status + ' ' + response.statusText).trim(), time, shown, bars);
  } catch (fault) {
    answer.show(0, 'No answer', '', 'The node did not answer: ' + fault.message + '. Is it still running?');
  }
}

/** The right side of a call: editor, button, answer, snippets. */
function trial(api, base, path, method, operation, example, access) {
  const edit = editor(api, path, method, operation, example);
  const answer = answerBox();
  const button = make('button', { class: 'button primary', type: 'submit' }, 'Send');
  const form = make('form', { class: 'stack', onsubmit: async event => {
    event.preventDefault();
    const asked = edit.read();
    if (!asked) return;
    button.disabled = true;
    await send(method, base + path, asked, access.headers(), answer);
    button.disabled = false;
  } }, edit.node, make('div', { class: 'row' }, button, make('span', { class: 'small muted' }, 'Ctrl+Enter sends')));
  form.addEventListener('keydown', event => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit(); });

  const code = make('pre', { tabindex: '0', role: 'tabpanel', 'aria-label': 'The call as code' });
  let language = 'curl';
  const show = () => {
    const asked = edit.read();
    if (asked) code.textContent = snippets[language]({ url: location.origin + base + path + asked.search, body: asked.body, secret: access.secret });
  };
  const choose = tabs('Language', Object.keys(snippets), name => { language = name; show(); });
  choose.pick('curl');
  edit.onChange(show);
  return make('div', { class: 'stack pinned' }, make('h4', {}, 'Try it'), form, answer.node,
    make('div', { class: 'box' }, make('div', { class: 'box-head' }, choose.list, copyButton(() => code.textContent, 'the code')), code));
}
