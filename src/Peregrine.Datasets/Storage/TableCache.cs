using Peregrine.Datasets.Tables;

namespace Peregrine.Datasets.Storage;

/// <summary>The tables used last, by dataset and revision. Callers that ask for the same table at once share one read.</summary>
internal sealed class TableCache(int capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Id, string Revision, Task<Table> Table)> _tables = new();

    public Task<Table> GetOrAddAsync((string Id, string Revision) key, Func<Task<Table>> read)
    {
        lock (_lock)
        {
            for (var node = _tables.First; node is not null; node = node.Next)
            {
                if (node.Value.Id != key.Id || node.Value.Revision != key.Revision || node.Value.Table.IsFaulted) continue;
                _tables.Remove(node);
                _tables.AddFirst(node);
                return node.Value.Table;
            }

            var table = read();
            Add(key, table);
            return table;
        }
    }

    public void Put((string Id, string Revision) key, Table table)
    {
        lock (_lock) Add(key, Task.FromResult(table));
    }

    public void Remove(string id)
    {
        lock (_lock) RemoveAll(id);
    }

    private void Add((string Id, string Revision) key, Task<Table> table)
    {
        RemoveAll(key.Id);
        _tables.AddFirst((key.Id, key.Revision, table));
        while (_tables.Count > capacity) _tables.RemoveLast();
    }

    private void RemoveAll(string id)
    {
        for (var node = _tables.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Id == id) _tables.Remove(node);
            node = next;
        }
    }
}
