using System.Text;

namespace Peregrine.Records;

/// <summary>An ordered, immutable list of fields with distinct names. A field's place is its slot in a <see cref="TypedRecord"/>.</summary>
public sealed class RecordSchema
{
    private readonly Field[] _fields;
    private readonly Utf8Table _names;

    /// <exception cref="ArgumentException">A name is empty or stands twice.</exception>
    public RecordSchema(IEnumerable<Field> fields)
    {
        _fields = [.. fields];
        if (Array.Exists(_fields, field => field.Name.Length == 0)) throw new ArgumentException("A field has no name.", nameof(fields));
        _names = new Utf8Table(_fields.Select(field => Encoding.UTF8.GetBytes(field.Name)));
    }

    public int Count => _fields.Length;

    public Field this[int slot] => _fields[slot];

    public IReadOnlyList<Field> Fields => _fields;

    /// <summary>The slot of a field, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> utf8Name) => _names.IndexOf(utf8Name);

    /// <inheritdoc cref="IndexOf(ReadOnlySpan{byte})"/>
    public int IndexOf(string name) => _names.IndexOf(name);

    /// <summary>The UTF-8 name of a slot.</summary>
    public ReadOnlySpan<byte> Utf8Name(int slot) => _names[slot];

    /// <summary>This schema with more fields behind its own.</summary>
    public RecordSchema Append(IEnumerable<Field> fields) => new(_fields.Concat(fields));
}
