using System.Text.Unicode;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Fuzz.Targets;

/// <summary>The record reader binds or refuses, and a value that it bound is finite or missing.</summary>
internal sealed class RecordTarget : IFuzzTarget
{
    private readonly CompiledModel _model = CompiledModel.Compile(FuzzNode.Model);
    private readonly RecordReader _strict;
    private readonly RecordReader _lenient;
    private readonly TypedRecord _record;

    public RecordTarget()
    {
        _strict = new RecordReader(_model.Inputs, ["id"], refuseUnknown: true, refuseMissing: true);
        _lenient = new RecordReader(_model.Inputs, ["id"], refuseUnknown: false, refuseMissing: false);
        _record = new TypedRecord(_model.Inputs.Count);
    }

    public string Name => "record";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. Fuzz.Corpus.Of("json").Select(Features)];

    public IReadOnlyList<byte[]> Words => JsonTarget.JsonWords;

    /// <summary>Very long names with escapes are resolved in memory of their own.</summary>
    public long AllocationLimit(int inputLength) => 1024 + 4L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!Utf8.IsValid(input)) return;
        var strict = Read(_strict, input);
        var lenient = Read(_lenient, input);
        if (strict.IsNone && !lenient.IsNone) throw new FuzzFault($"The strict reader takes what the lenient one refuses: {lenient.Code}.");
    }

    private RecordFault Read(RecordReader reader, ReadOnlySpan<byte> input)
    {
        _record.Clear();
        var json = new JsonScanner(input, FuzzNode.MaxDepth);
        var fault = reader.Read(ref json, _record);
        if (fault.Start < 0 || fault.Start > input.Length || fault.Start + fault.Length > input.Length) throw new FuzzFault($"Fault {fault} points outside of the input.");
        return fault;
    }

    /// <summary>The object of features within a body.</summary>
    private static byte[] Features(byte[] body)
    {
        var at = body.AsSpan().IndexOf("\"features\":"u8);
        if (at < 0) return body;
        var json = new JsonScanner(body.AsSpan(at + 11));
        json.Peek();
        return json.TrySkipValue() ? body[(at + 11)..(at + 11 + json.Position)] : body;
    }
}
