using Peregrine.Models.Artifacts;
using Peregrine.Records;

namespace Peregrine.Models.Preparation;

/// <summary>The fields known while steps are compiled one after the other, and the lookup tables they may use.</summary>
internal sealed class PreparationScope(IEnumerable<Field> inputs, IReadOnlyDictionary<string, LookupTable> lookups)
{
    private readonly List<Field> _fields = [.. inputs];

    public RecordSchema ToSchema() => new(_fields);

    /// <summary>The slot of a field of one of the kinds.</summary>
    public int Find(string step, string name, params ReadOnlySpan<FieldKind> kinds)
    {
        var slot = _fields.FindIndex(field => field.Name == name);
        if (slot < 0)
            throw new ModelException($"Preparation step '{step}': there is no field '{name}'. Known fields: {string.Join(", ", _fields.Select(f => f.Name))}.");
        if (kinds.Length > 0 && !kinds.Contains(_fields[slot].Kind))
            throw new ModelException($"Preparation step '{step}': field '{name}' is {_fields[slot].Kind}; it must be {string.Join(" or ", kinds.ToArray())}.");
        return slot;
    }

    public FieldKind KindOf(int slot) => _fields[slot].Kind;

    /// <summary>Adds an output and gives its slot.</summary>
    public int Add(string step, string name, FieldKind kind)
    {
        if (string.IsNullOrWhiteSpace(name)) throw new ModelException($"Preparation step '{step}': its output has no name.");
        if (_fields.Exists(field => field.Name == name))
            throw new ModelException($"Preparation step '{step}': the field '{name}' exists already; give the output another name.");
        _fields.Add(new(name, kind));
        return _fields.Count - 1;
    }

    public LookupTable Lookup(string step, string table) => lookups.TryGetValue(table, out var found)
        ? found
        : throw new ModelException($"Preparation step '{step}': the lookup table '{table}' is not in the model.");
}
