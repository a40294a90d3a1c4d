using System.Globalization;
using System.Text;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Answers;

/// <summary>Warnings of a request's records, as text for the answer's parameter <c>warnings</c>: <c>[{"record":0,"code":…},…]</c>. Reused.</summary>
internal sealed class InferWarnings
{
    private readonly Utf8Output _list = new();
    private int _listed;

    /// <summary>Warnings that are not listed.</summary>
    public int More { get; private set; }

    public bool Any => _listed > 0 || More > 0;

    /// <summary>The list as JSON text.</summary>
    public string List => $"[{Encoding.UTF8.GetString(_list.Written)}]";

    public void Clear()
    {
        _list.CutTo(0);
        _listed = More = 0;
    }

    /// <param name="count">How many the record has: 1 or more.</param>
    /// <param name="most">Most that are listed of the request.</param>
    public void Add(RecordWarnings warnings, TypedRecord record, ReadOnlySpan<byte> text, int row, int count, int most)
    {
        var left = most - _listed;
        if (left > 0 && _listed > 0) _list.Write((byte)',');
        var listed = left > 0 ? warnings.WriteList(record, text, left, _list, string.Create(CultureInfo.InvariantCulture, $"\"record\":{row},")) : 0;
        _listed += listed;
        More += count - listed;
    }
}
