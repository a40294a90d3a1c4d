using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Peregrine.Models.Explanations;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction.Explanations;

/// <summary>Reads the member <c>explanations</c> of a request. Members that it does not know are passed over: clients of later versions send more.</summary>
public static class ExplanationsReader
{
    /// <param name="json">Stands before the value, and behind it on return.</param>
    /// <param name="fault">What is wrong; null when the JSON itself is, which the scanner knows.</param>
    public static bool TryRead(ref JsonScanner json, out AskedExplanations asked, out ExplanationFault? fault)
    {
        asked = default;
        fault = null;
        var kind = json.Peek();
        if (kind == JsonKind.Null) return json.TryReadWord(kind);
        if (kind != JsonKind.Object) return Fail("", "an object or null", json, out fault);
        if (!json.TryBeginObject()) return false;
        for (var first = true; json.TryNextMember(ref first, out var name, out _);)
            if (!TryReadMember(name, ref json, ref asked, out fault)) return false;
        return json.Fault == JsonFault.None;
    }

    private static bool TryReadMember(scoped ReadOnlySpan<byte> name, ref JsonScanner json, ref AskedExplanations asked, out ExplanationFault? fault)
    {
        fault = null;
        var kind = json.Peek();
        if (kind == JsonKind.Null) return json.TryReadWord(kind);
        if (name.SequenceEqual("enabled"u8))
        {
            if (kind is not (JsonKind.True or JsonKind.False)) return Fail("enabled", "true, false or null", json, out fault);
            asked = asked with { Enabled = kind == JsonKind.True };
            return json.TryReadWord(kind);
        }

        if (name.SequenceEqual("method"u8)) return TryReadMethod(kind, ref json, ref asked, out fault);
        if (name.SequenceEqual("nExplanations"u8))
        {
            if (!TryReadWhole(kind, ref json, "nExplanations", 1, int.MaxValue, "a whole number from 1 on, or null", out var count, out fault)) return false;
            asked = asked with { Count = count };
            return true;
        }

        if (!name.SequenceEqual("nMonteCarloSteps"u8)) return json.TrySkipValue();
        return TryReadWhole(
            kind, ref json, "nMonteCarloSteps", ExplanationSettings.LeastSteps, ExplanationSettings.MostSteps, "a whole number from 25 to 1000, or null", out _, out fault);
    }

    private static bool TryReadMethod(JsonKind kind, ref JsonScanner json, ref AskedExplanations asked, out ExplanationFault? fault)
    {
        const string wanted = "\"SHAPLEY\", \"ICE\" or null";
        var start = json;
        fault = null;
        if (kind != JsonKind.String) return Fail("method", wanted, json, out fault);
        if (!json.TryReadString(out var text, out _)) return false;
        if (text.SequenceEqual("SHAPLEY"u8)) asked = asked with { Method = ExplanationMethod.Shapley };
        else if (text.SequenceEqual("ICE"u8)) asked = asked with { Method = ExplanationMethod.Ice };
        else return Fail("method", wanted, start, out fault);
        return true;
    }

    private static bool TryReadWhole(
        JsonKind kind, ref JsonScanner json, string member, int least, int most, string wanted, out int value, out ExplanationFault? fault)
    {
        value = 0;
        var start = json;
        fault = null;
        if (kind != JsonKind.Number) return Fail(member, wanted, json, out fault);
        if (!json.TryReadNumber(out var text)) return false;
        var isWhole = Utf8Parser.TryParse(text, out value, out var length) && length == text.Length && value >= least && value <= most;
        return isWhole || Fail(member, wanted, start, out fault);
    }

    private static bool Fail(string member, string wanted, in JsonScanner json, out ExplanationFault? fault)
    {
        var value = json;
        var start = value.Position;
        var found = value.TrySkipValue() ? Encoding.UTF8.GetString(value.Since(start)) : "something else";
        if (found.Length > 60) found = found[..60] + "…";
        var name = member.Length == 0 ? "explanations" : $"explanations/{member}";
        fault = new(name, string.Create(CultureInfo.InvariantCulture, $"'{name}' must be {wanted}; at byte {start} stands {found}."));
        return false;
    }
}

/// <param name="Pointer">Where, from the request on, without a leading slash.</param>
/// <param name="Message">What, and what belongs there.</param>
public sealed record ExplanationFault(string Pointer, string Message);
