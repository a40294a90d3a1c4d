// The same call in other languages. Keys never stand in them: they come from the environment.
const shell = text => "'" + text.replaceAll("'", "'\\''") + "'";
const quoted = text => JSON.stringify(text);

function python(value, indent = '') {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  const deeper = indent + '    ';
  if (Array.isArray(value)) return value.length ? '[\n' + value.map(item => deeper + python(item, deeper) + ',\n').join('') + indent + ']' : '[]';
  if (typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value);
  return entries.length ? '{\n' + entries.map(([name, item]) => deeper + quoted(name) + ': ' + python(item, deeper) + ',\n').join('') + indent + '}' : '{}';
}

/** @param call method, url (absolute, with its query), body (parsed JSON or undefined), secret ('key', 'token' or undefined) */
const snippets = {
  curl(call) {
    const parts = ['curl -sS ' + shell(call.url)];
    if (call.secret === 'key') parts.push('-u "$PEREGRINE_KEY:"');
    if (call.secret === 'token') parts.push('-H "Authorization: Bearer $PEREGRINE_TOKEN"');
    if (call.body !== undefined) parts.push("-H 'Content-Type: application/json'", '-d ' + shell(JSON.stringify(call.body)));
    return parts.join(' \\\n  ');
  },
  Python(call) {
    const lines = ['import json', ...(call.secret ? ['import os'] : []), 'import urllib.request', ''];
    if (call.body !== undefined) lines.push('body = ' + python(call.body), '');
    const headers = [];
    if (call.body !== undefined) headers.push('"Content-Type": "application/json"');
    if (call.secret) headers.push('"Authorization": "Bearer " + os.environ["' + variable(call) + '"]');
    lines.push('request = urllib.request.Request(', '    ' + quoted(call.url) + ',');
    if (call.body !== undefined) lines.push('    data=json.dumps(body).encode(),');
    if (headers.length) lines.push('    headers={' + headers.join(', ') + '},');
    return [...lines, ')', 'with urllib.request.urlopen(request, timeout=10) as answer:', '    print(json.dumps(json.load(answer), indent=2))'].join('\n');
  },
  'C#'(call) {
    const lines = call.body !== undefined ? ['using System.Text;', ''] : [];
    lines.push('using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };');
    if (call.secret) lines.push('http.DefaultRequestHeaders.Authorization = new("Bearer", Environment.GetEnvironmentVariable("' + variable(call) + '"));');
    if (call.body === undefined) return [...lines, 'Console.WriteLine(await http.GetStringAsync(', '    ' + quoted(call.url) + '));'].join('\n');
    const indented = JSON.stringify(call.body, null, 2).split('\n').map(line => '    ' + line).join('\n');
    return [...lines, 'using var body = new StringContent(', '    """', indented, '    """, Encoding.UTF8, "application/json");',
      'using var answer = await http.PostAsync(' + quoted(call.url) + ', body);', 'Console.WriteLine(await answer.Content.ReadAsStringAsync());'].join('\n');
  },
};
const variable = call => call.secret === 'token' ? 'PEREGRINE_TOKEN' : 'PEREGRINE_KEY';
