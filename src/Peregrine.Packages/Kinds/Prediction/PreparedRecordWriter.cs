using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>
/// Writes a record as the model saw it: <c>{"card":"042","limit":500,"age":null}</c>, its inputs and, behind them, what preparation made. Without allocation; thread-safe.
/// </summary>
/// <remarks>Of a record that preparation ruled out, it holds what was made up to then.</remarks>
public sealed class PreparedRecordWriter
{
    /// <summary>Name of the member of a result and of a line of the query log.</summary>
    public const string Member = "postEnrich";

    private readonly byte[][] _names;
    private readonly FieldKind[] _kinds;

    private PreparedRecordWriter(RecordSchema fields, PostEnrichmentSettings settings)
    {
        InAnswer = settings.InAnswer;
        InLog = settings.InLog;
        _kinds = [.. fields.Fields.Select(field => field.Kind)];
        _names = [.. fields.Fields.Select((field, i) => Encoding.UTF8.GetBytes(
            $"{(i == 0 ? '{' : ',')}\"{JsonEncodedText.Encode(field.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":"))];
    }

    /// <summary>Null where prepared records are told nowhere.</summary>
    public static PreparedRecordWriter? For(CompiledModel model, PredictionSettings settings) =>
        settings.PostEnrichment is { } wanted && (wanted.InAnswer || wanted.InLog) ? new(model.Prepared, wanted) : null;

    public bool InAnswer { get; }

    public bool InLog { get; }

    /// <param name="record">After scoring.</param>
    public void Write(TypedRecord record, IBufferWriter<byte> output)
    {
        for (var slot = 0; slot < _names.Length; slot++)
        {
            output.Write(_names[slot]);
            RecordValues.Write(_kinds[slot], slot, record, output);
        }

        output.Write(_names.Length == 0 ? "{}"u8 : "}"u8);
    }
}
