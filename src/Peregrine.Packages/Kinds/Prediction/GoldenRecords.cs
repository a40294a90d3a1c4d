using System.Buffers;
using System.Text;
using Peregrine.Models;
using Peregrine.Packages.Verification;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>Golden records: made by the program that evaluated the model, replayed by the one that serves it.</summary>
public static class GoldenRecords
{
    private const byte NewLine = (byte)'\n';

    /// <summary>Answers these records now, to be expected later.</summary>
    /// <param name="inputs">Objects of features, UTF-8 JSON.</param>
    /// <exception cref="PackageException">An input is no record of this model.</exception>
    public static IReadOnlyList<GoldenRecord> Answer(CompiledModel model, IEnumerable<ReadOnlyMemory<byte>> inputs)
    {
        var results = PredictionResultWriter.For(model.Spec);
        var reader = new RecordReader(model.Inputs, model.Spec.IgnoredFields, refuseUnknown: false, refuseMissing: false);
        return [.. inputs.Select((input, number) => AnswerOne(model, reader, results, input, number))];
    }

    /// <summary>One line of JSON per record: <c>{"input":{…},"result":{…}}</c>.</summary>
    internal static byte[] Write(IReadOnlyList<GoldenRecord> records)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var record in records)
        {
            output.Write("{\"input\":"u8);
            output.Write(OnOneLine(record.Input));
            output.Write(",\"result\":"u8);
            output.Write(OnOneLine(record.Expected));
            output.Write("}\n"u8);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="PackageException">The file is damaged or holds no record.</exception>
    internal static IReadOnlyList<GoldenRecord> Read(ReadOnlyMemory<byte> lines, string where)
    {
        var records = new List<GoldenRecord>();
        while (!lines.IsEmpty)
        {
            var end = lines.Span.IndexOf(NewLine);
            var line = end < 0 ? lines : lines[..end];
            records.Add(ReadLine(line) ?? throw Bad(where, $"Line {records.Count + 1} is not a golden record."));
            lines = end < 0 ? default : lines[(end + 1)..];
        }

        return records.Count > 0 ? records : throw Bad(where, "There is no golden record.");
    }

    internal static GoldenReport Replay(
        CompiledModel model, RecordReader reader, PredictionResultWriter results, IReadOnlyList<GoldenRecord> records,
        CancellationToken cancellationToken)
    {
        var mismatches = new List<GoldenMismatch>();
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < records.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LongWork.GiveWay();
            output.ResetWrittenCount();
            var fault = Score(model, reader, results, records[i].Input.Span, output);
            var expected = records[i].Expected.Span;
            if (fault.IsNone && output.WrittenSpan.SequenceEqual(expected)) continue;
            var actual = fault.IsNone
                ? Encoding.UTF8.GetString(output.WrittenSpan)
                : RecordFaults.Describe(fault, model.Spec, records[i].Input.Span);
            mismatches.Add(new GoldenMismatch(i, Encoding.UTF8.GetString(expected), actual));
        }

        return new GoldenReport(records.Count, mismatches);
    }

    private static GoldenRecord AnswerOne(
        CompiledModel model, RecordReader reader, PredictionResultWriter results, ReadOnlyMemory<byte> input, int number)
    {
        var output = new ArrayBufferWriter<byte>();
        var fault = Score(model, reader, results, input.Span, output);
        if (!fault.IsNone)
            throw Bad($"golden record {number}", RecordFaults.Describe(fault, model.Spec, input.Span));
        return new GoldenRecord(input, output.WrittenSpan.ToArray());
    }

    private static RecordFault Score(
        CompiledModel model, RecordReader reader, PredictionResultWriter results, ReadOnlySpan<byte> input, ArrayBufferWriter<byte> output)
    {
        var context = model.Rent();
        try
        {
            var json = new JsonScanner(input);
            var fault = reader.Read(ref json, context.Record);
            if (!fault.IsNone) return fault;
            model.Score(context);
            results.Write(context, output);
            return RecordFault.None;
        }
        finally
        {
            model.Return(context);
        }
    }

    private static GoldenRecord? ReadLine(ReadOnlyMemory<byte> line)
    {
        var json = new JsonScanner(line.Span);
        if (!json.TryBeginObject()) return null;
        ReadOnlyMemory<byte> input = default, result = default;
        for (var first = true; json.TryNextMember(ref first, out var name, out _);)
        {
            json.Peek();
            var start = json.Position;
            if (!json.TrySkipValue()) return null;
            if (name.SequenceEqual("input"u8)) input = line[start..json.Position];
            else if (name.SequenceEqual("result"u8)) result = line[start..json.Position];
        }

        var complete = json.Fault == JsonFault.None && json.TryEnd() && !input.IsEmpty && !result.IsEmpty;
        return complete ? new GoldenRecord(input, result) : null;
    }

    /// <summary>Line ends in JSON text are white space: a blank says the same.</summary>
    private static byte[] OnOneLine(ReadOnlyMemory<byte> json)
    {
        var line = json.ToArray();
        line.AsSpan().Replace(NewLine, (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }

    private static PackageException Bad(string where, string what) => new(
        PackageFaultCode.BadStructure, where, what, "Make the package again from rows that the model takes.");
}
