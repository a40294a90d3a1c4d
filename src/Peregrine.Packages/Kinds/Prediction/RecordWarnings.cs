using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>Warnings in results of records that were taken though they differ from what the model was made from. Thread-safe.</summary>
public sealed class RecordWarnings
{
    private static readonly RecordFaultCode[] s_codes =
    [
        RecordFaultCode.UnknownField, RecordFaultCode.MissingField, RecordFaultCode.WrongType, RecordFaultCode.ConvertedType, RecordFaultCode.OutOfRange,
        RecordFaultCode.UnseenCategory,
    ];

    private readonly CompiledModel _model;
    private readonly PredictionSettings _settings;
    private readonly RecordCheck? _check;
    private readonly RecordFaultCode[] _told;

    internal RecordWarnings(CompiledModel model, PredictionSettings settings, RecordCheck? check)
    {
        _model = model;
        _settings = settings;
        _check = check;
        _told = [.. s_codes.Where(code => settings.PolicyOf(code) == FeaturePolicy.Warn)];
    }

    /// <summary>All that can be noted of a record.</summary>
    public static IReadOnlyList<RecordFaultCode> Codes => s_codes;

    /// <summary>How many warnings a record has.</summary>
    public int CountOf(TypedRecord record)
    {
        if (!record.HasNotes) return 0;
        var count = 0;
        foreach (var code in _told) count += record.Notes.CountOf(code);
        return _settings.Quiet ? Math.Min(count, 1) : count;
    }

    /// <summary>
    /// Ends a result that <see cref="PredictionResultWriter"/> wrote, its closing brace cut off: <c>,"warnings":[{"code":…,"feature":…,"message":…}]}</c>, and
    /// <c>"moreWarnings":n</c> where some are not listed.
    /// </summary>
    /// <param name="record">With at least one warning; it may have been scored since.</param>
    /// <param name="text">The text that was scanned.</param>
    /// <param name="most">How many to list: 0 or more.</param>
    /// <returns>How many are listed.</returns>
    public int Write(TypedRecord record, ReadOnlySpan<byte> text, int most, IBufferWriter<byte> output)
    {
        output.Write(",\"warnings\":["u8);
        var listed = WriteList(record, text, most, output);
        output.Write("]"u8);
        if (CountOf(record) - listed is > 0 and var more) Put(string.Create(CultureInfo.InvariantCulture, $",\"moreWarnings\":{more}"), output);
        output.Write("}"u8);
        return listed;
    }

    /// <summary>Writes the warnings as members of a JSON list.</summary>
    /// <inheritdoc cref="Write"/>
    /// <param name="prefix">JSON that each warning begins with, such as <c>"record":3,</c>.</param>
    public int WriteList(TypedRecord record, ReadOnlySpan<byte> text, int most, IBufferWriter<byte> output, string prefix = "")
    {
        var listed = 0;
        foreach (ref readonly var note in record.Notes.Kept)
        {
            if (listed == most || Array.IndexOf(_told, note.Code) < 0) continue;
            if (listed > 0) output.Write(","u8);
            listed++;
            Put(_settings.Quiet
                ? $"{{{prefix}\"code\":\"UnusualRecord\",\"message\":{Quote(RecordFaults.QuietWarning)}}}"
                : $"{{{prefix}\"code\":\"{note.Code}\",\"feature\":{Quote(FeatureOf(note, text))},\"message\":{Quote(Describe(note, record, text))}}}", output);
            if (_settings.Quiet) break;
        }

        return listed;
    }

    private string Describe(in RecordNote note, TypedRecord record, ReadOnlySpan<byte> text) => note.Code switch
    {
        RecordFaultCode.OutOfRange => _check!.DescribeRange(note.Slot, note.Value),
        RecordFaultCode.UnseenCategory => _check!.DescribeCategory(note.Slot, record.NotedText(note)),
        _ => RecordFaults.DescribeNote(note, _model.Spec, text),
    };

    private string FeatureOf(in RecordNote note, ReadOnlySpan<byte> text) =>
        note.Slot >= 0 ? _model.Inputs[note.Slot].Name : RecordFaults.NameAt(note.Start, note.Length, text);

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static void Put(string json, IBufferWriter<byte> output) => output.Write(Encoding.UTF8.GetBytes(json));
}
