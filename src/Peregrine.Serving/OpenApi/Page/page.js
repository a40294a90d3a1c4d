// The page: reads openapi.json of its service and draws it.
const base = location.pathname.replace(/\/+$/, '').replace(/\/docs$/, '');
const access = {
  secret: 'key',
  headers: () => byId('key').value ? { Authorization: 'Bearer ' + byId('key').value } : {},
};

function showAccess(api) {
  const schemes = api.components.securitySchemes;
  access.secret = !schemes ? undefined : schemes.token ? 'token' : 'key';
  byId('access').hidden = !schemes;
  byId('key-label').textContent = access.secret === 'token' ? 'Access token (JWT)' : 'API key';
}

function errorsOf(operation) {
  return Object.entries(operation.responses).filter(([status]) => status !== '200').map(([status, response]) =>
    make('div', {}, make('dt', {}, make('code', {}, status)), make('dd', {}, response.description)));
}

function section(title, rows, isOpen = true) {
  if (!rows.length) return undefined;
  const list = make('dl', { class: 'members' }, rows);
  return isOpen ? make('div', {}, make('h4', {}, title), list) : make('details', {}, make('summary', {}, title), list);
}

/** What a call takes and gives; open is what a reader has not seen above. */
function describe(api, operation, isFirst) {
  const content = operation.requestBody?.content['application/json'].schema;
  const properties = content?.properties ?? {};
  const item = properties.items ? resolve(api, resolve(api, properties.items).items) : undefined;
  const features = resolve(api, properties.features ?? item?.properties?.features);
  const around = content ? { ...content, properties: Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'features')) } : undefined;
  const names = Object.entries(features?.properties ?? {});
  return [
    section('Features of a record', names.filter(([, one]) => one.type).map(([name, one]) => member(name, one, features.required?.includes(name))), isFirst),
    section('Accepted and not used', names.filter(([, one]) => !one.type).map(([name]) => make('div', {}, make('dt', {}, make('code', {}, name)))), false),
    content && section('Body', members(api, around, true), isFirst),
    section('Parameters', (operation.parameters ?? []).map(one => member(one.name, { ...one.schema, description: one.description ?? one.schema.description }, one.required)), false),
    section('Answer', members(api, operation.responses['200'].content['application/json'].schema), isFirst),
    section('Errors', errorsOf(operation), false),
  ];
}

function firstExample(item) {
  const examples = Object.values(item?.post?.requestBody?.content['application/json'].examples ?? {});
  return examples[0]?.value?.features;
}

function showCall(api, path, method, operation, example, isFirst) {
  const id = operation.operationId ?? path;
  return make('section', { class: 'call', id, 'aria-labelledby': id + '-title' },
    make('header', { class: 'call-head' },
      make('h3', { id: id + '-title', class: 'call-title' }, make('span', { class: 'method ' + method.toLowerCase() }, method), make('code', {}, base + path)),
      make('p', { class: 'muted' }, operation.summary)),
    make('div', { class: 'call-body' },
      make('div', { class: 'call-text' }, describe(api, operation, isFirst)),
      make('div', { class: 'call-try' }, trial(api, base, path, method, operation, example, access))));
}

function show(api) {
  document.title = api.info.title + ' · API';
  byId('title').textContent = api.info.title;
  byId('about').replaceChildren(['version ' + api.info.version, api.info.description].filter(Boolean).join(' · '), ' · ', make('a', { id: 'document', href: base + '/openapi.json' }, 'openapi.json'));
  showAccess(api);
  const endpoints = Map.groupBy(Object.entries(api.paths), ([path]) => path.split('/')[1]);
  byId('calls').replaceChildren();
  byId('contents').replaceChildren();
  for (const [endpoint, paths] of endpoints) {
    const example = firstExample(api.paths['/' + endpoint + '/predict']);
    const calls = paths.flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));
    byId('calls').append(make('div', { class: 'endpoint' }, make('h2', {}, endpoint),
      calls.map(({ path, method, operation }, at) => showCall(api, path, method, operation, example, at === 0))));
    byId('contents').append(make('h2', {}, endpoint), make('ul', {}, calls.map(({ path, method, operation }) => make('li', {},
      make('a', { href: '#' + operation.operationId }, make('span', { class: 'method ' + method.toLowerCase() }, method), path.slice(endpoint.length + 2))))));
  }
  followScrolling();
  if (location.hash) byId(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

/** Marks the call in sight in the list of calls. */
function followScrolling() {
  const links = [...document.querySelectorAll('nav a')];
  const watcher = new IntersectionObserver(seen => {
    for (const one of seen)
      if (one.isIntersecting) links.forEach(link => link.setAttribute('aria-current', link.hash === '#' + one.target.id));
  }, { rootMargin: '-10% 0px -80% 0px' });
  document.querySelectorAll('.call').forEach(call => watcher.observe(call));
}

async function load() {
  byId('fault').textContent = '';
  try {
    // Without credentials of its own, so that the browser does not ask for a name and a password.
    const response = await fetch(base + '/openapi.json', { headers: access.headers(), credentials: 'omit' });
    if (response.ok) return show(await response.json());
    const error = await response.json().catch(() => ({}));
    const isLocked = response.status === 401 || response.status === 403;
    if (!isLocked || byId('key').value) byId('fault').textContent = error.detailedMessage ?? 'The node answered ' + response.status + '.';
    byId('title').textContent = decodeURIComponent(base.split('/').at(-1));
    byId('calls').replaceChildren(make('p', { class: 'muted' }, isLocked
      ? 'This service asks who is calling. Give its API key or an access token above, and its calls appear here.' : 'The description could not be read.'));
    if (isLocked) byId('key').focus();
  } catch (fault) {
    byId('fault').textContent = 'The node did not answer: ' + fault.message + '.';
  }
}

byId('access').addEventListener('submit', event => { event.preventDefault(); load(); });
load();
