using System.Buffers;
using System.Globalization;
using System.Text;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.QueryLog.Columns;

/// <summary>Applies the policy of each line's endpoint to its features and its context, before a line leaves memory. Used by one task at a time.</summary>
internal sealed class ColumnFilter(ColumnPolicies policies, ColumnHashKey hashKey)
{
    private const int MaxDepth = 1_100; // deeper than any body that a node takes

    public bool IsNeeded => policies.Any;

    /// <inheritdoc cref="ColumnPolicies.Sweep"/>
    public void Sweep(long treated) => policies.Sweep(treated);

    /// <summary>Writes whole lines as their policies let them be.</summary>
    /// <returns>Lines that could not be read and therefore were left out.</returns>
    public long Apply(ReadOnlySpan<byte> lines, Utf8Output output)
    {
        var refused = 0L;
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            var start = output.Length;
            if (TryApplyTo(line, output)) output.Write((byte)'\n');
            else
            {
                output.CutTo(start);
                refused++;
            }
        }

        return refused;
    }

    private bool TryApplyTo(ReadOnlySpan<byte> line, Utf8Output output)
    {
        if (!LogLine.TryRead(line, out var read)) return false;
        var policy = policies.For(Encoding.UTF8.GetString(read.Service), Encoding.UTF8.GetString(read.Endpoint), Encoding.UTF8.GetString(read.Generation));
        if (policy.KeepsAll)
        {
            output.Write(line);
            return true;
        }

        return TryCopy(line, policy, output);
    }

    private bool TryCopy(ReadOnlySpan<byte> line, ColumnPolicy policy, Utf8Output output)
    {
        var json = new JsonScanner(line, MaxDepth);
        return TryCopyMembers(ref json, policy, output, isResult: false) && json.TryEnd();
    }

    /// <summary>Members of the line itself, or of its result; those that hold columns are gone through.</summary>
    private bool TryCopyMembers(ref JsonScanner json, ColumnPolicy policy, Utf8Output output, bool isResult)
    {
        if (!json.TryBeginObject()) return false;
        output.Write((byte)'{');
        var any = false;
        for (var first = true; json.TryNextMember(ref first, out var name, out _);)
        {
            WriteName(name, ref any, output);
            var kind = json.Peek();
            var start = json.Position;
            if (kind == JsonKind.Object && !isResult && name.SequenceEqual("result"u8))
            {
                if (!TryCopyMembers(ref json, policy, output, isResult: true)) return false;
                continue;
            }

            if (kind is JsonKind.Object or JsonKind.Array && PartOf(name) is { } part)
            {
                if (!TryCopyPart(ref json, kind, policy, part, output)) return false;
                continue;
            }

            if (!json.TrySkipValue()) return false;
            output.Write(json.Since(start));
        }

        output.Write((byte)'}');
        return json.Fault == JsonFault.None;
    }

    /// <summary><c>data</c> is what a lookup is asked for, and what it found.</summary>
    private static LogPart? PartOf(ReadOnlySpan<byte> member) =>
        member.SequenceEqual("features"u8) || member.SequenceEqual("postEnrich"u8) || member.SequenceEqual("data"u8)
            ? LogPart.Features
            : member.SequenceEqual("context"u8) ? LogPart.Context : null;

    /// <summary>A part has its columns itself, or in each object of a list: a context may be one.</summary>
    private bool TryCopyPart(ref JsonScanner json, JsonKind kind, ColumnPolicy policy, LogPart part, Utf8Output output)
    {
        if (kind == JsonKind.Object) return TryCopyColumns(ref json, policy, part, output);
        if (!json.TryBeginArray()) return false;
        output.Write((byte)'[');
        var any = false;
        for (var first = true; json.TryNextElement(ref first);)
        {
            if (any) output.Write((byte)',');
            any = true;
            var element = json.Peek();
            var start = json.Position;
            if (element is JsonKind.Object or JsonKind.Array)
            {
                if (!TryCopyPart(ref json, element, policy, part, output)) return false;
                continue;
            }

            if (!json.TrySkipValue()) return false;
            output.Write(json.Since(start));
        }

        output.Write((byte)']');
        return json.Fault == JsonFault.None;
    }

    private bool TryCopyColumns(ref JsonScanner json, ColumnPolicy policy, LogPart part, Utf8Output output)
    {
        if (!json.TryBeginObject()) return false;
        output.Write((byte)'{');
        var any = false;
        for (var first = true; json.TryNextMember(ref first, out var name, out var escaped);)
        {
            var kind = json.Peek();
            var start = json.Position;
            if (!json.TrySkipValue()) return false;
            var value = json.Since(start);
            var rule = escaped ? FindEscaped(policy, name, part) : policy.Find(name, part);
            if (rule?.Action == LogAction.Drop) continue;
            WriteName(name, ref any, output);
            if (rule is null or { Action: LogAction.Keep } || kind == JsonKind.Null) output.Write(value);
            else if (rule.Action == LogAction.Hash) WriteHash(kind, value, output);
            else WriteBucket(kind, value, rule.Edges, output);
        }

        output.Write((byte)'}');
        return json.Fault == JsonFault.None;
    }

    private static LogColumnRule? FindEscaped(ColumnPolicy policy, ReadOnlySpan<byte> name, LogPart part)
    {
        var plain = new byte[name.Length];
        var length = JsonScanner.Unescape(name, plain);
        // A name that cannot be resolved names no column of a model: nobody decided to keep it.
        return length < 0 ? new LogColumnRule { Column = "*", Action = LogAction.Drop } : policy.Find(plain.AsSpan(0, length), part);
    }

    private static void WriteName(ReadOnlySpan<byte> name, ref bool any, Utf8Output output)
    {
        if (any) output.Write((byte)',');
        any = true;
        output.Write((byte)'"');
        output.Write(name);
        output.Write("\":"u8);
    }

    /// <summary>A string is hashed by its text, so "1" and 1 hash alike, as they bind alike.</summary>
    private void WriteHash(JsonKind kind, ReadOnlySpan<byte> value, Utf8Output output)
    {
        Span<byte> digits = stackalloc byte[32];
        if (kind != JsonKind.String) hashKey.Hash(value, digits);
        else
        {
            var plain = ArrayPool<byte>.Shared.Rent(value.Length);
            var length = JsonScanner.Unescape(value[1..^1], plain);
            hashKey.Hash(length < 0 ? value : plain.AsSpan(0, length), digits);
            ArrayPool<byte>.Shared.Return(plain, clearArray: true);
        }

        output.Write("\"hash:"u8);
        output.Write(digits);
        output.Write((byte)'"');
    }

    /// <summary><c>"&lt;10"</c>, <c>"10..50"</c> (10 is in, 50 is not), <c>"&gt;=50"</c>; what is no number is <c>"other"</c>.</summary>
    private static void WriteBucket(JsonKind kind, ReadOnlySpan<byte> value, IReadOnlyList<double> edges, Utf8Output output)
    {
        var text = kind == JsonKind.String ? value[1..^1] : value;
        if (kind is not (JsonKind.Number or JsonKind.String) || !FieldParsing.TryNumber(text, out var number))
        {
            output.Write("\"other\""u8);
            return;
        }

        var above = 0;
        while (above < edges.Count && number >= edges[above]) above++;
        var label = above == 0 ? $"\"<{Text(edges[0])}\""
            : above == edges.Count ? $"\">={Text(edges[^1])}\""
            : $"\"{Text(edges[above - 1])}..{Text(edges[above])}\"";
        output.Write(Encoding.ASCII.GetBytes(label));
    }

    private static string Text(double edge) => edge.ToString("R", CultureInfo.InvariantCulture);
}
