using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;

namespace Peregrine.Serving.Metrics;

/// <summary>How often records of one endpoint were not what its model was made from, by kind. Thread-safe.</summary>
internal sealed class SchemaCounts
{
    private static readonly string[] s_names = [.. RecordWarnings.Codes.Select(NameOf)];

    private readonly long[] _counts = new long[RecordWarnings.Codes.Count];

    /// <summary>Kinds in the order of <see cref="RecordWarnings.Codes"/>: <c>unknown_feature</c>.</summary>
    public static IReadOnlyList<string> Names => s_names;

    public long this[int kind] => Interlocked.Read(ref _counts[kind]);

    public void Add(in SchemaTally tally)
    {
        for (var kind = 0; kind < _counts.Length; kind++)
            if (tally[kind] > 0) Interlocked.Add(ref _counts[kind], tally[kind]);
    }

    /// <summary>Counts one fault that was refused; others than <see cref="RecordWarnings.Codes"/> are not counted here.</summary>
    public void Add(RecordFaultCode code)
    {
        for (var kind = 0; kind < _counts.Length; kind++)
            if (RecordWarnings.Codes[kind] == code) Interlocked.Increment(ref _counts[kind]);
    }

    private static string NameOf(RecordFaultCode code) => code switch
    {
        RecordFaultCode.UnknownField => "unknown_feature",
        RecordFaultCode.MissingField => "missing_feature",
        RecordFaultCode.WrongType => "wrong_type",
        RecordFaultCode.ConvertedType => "converted_type",
        RecordFaultCode.OutOfRange => "out_of_range",
        _ => "unseen_category",
    };
}
