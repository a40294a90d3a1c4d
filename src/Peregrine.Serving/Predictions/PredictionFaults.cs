using System.Globalization;
using System.Text;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;

namespace Peregrine.Serving.Predictions;

/// <summary>What can be wrong with a prediction request, said to its caller: what, where (JSON pointer, byte) and what to do.</summary>
internal static class PredictionFaults
{
    private const int MostListed = 50;
    private const string Example = "{\"features\":{…}}";
    private const string ExampleOfMany = "{\"items\":[{\"features\":{…}}]}";

    public static ApiError NoBody(ReadOnlySpan<byte> payloadName) => ApiError.BadRequest(
        "The request has no body.", $"The request has no body. Send JSON such as {ExampleFor(payloadName)}.", "NoBody");

    public static ApiError NotAnObject(int position, ReadOnlySpan<byte> payloadName) => ApiError.BadRequest(
        $"The request body must be a JSON object; something else stands at byte {position}.",
        $"The request body must be a JSON object; something else stands at byte {position}. Send JSON such as {ExampleFor(payloadName)}.", "MalformedJson");

    public static ApiError NoPayload(ReadOnlySpan<byte> payloadName)
    {
        var name = Encoding.UTF8.GetString(payloadName);
        return ApiError.BadRequest(
            $"The request has no member '{name}'.",
            $"The request has no member '{name}'. The features stand inside it: send JSON such as {ExampleFor(payloadName)}.", "MissingMember")
            with { Errors = [new ApiErrorItem($"/{name}", "MissingMember", $"'{name}' is required.")] };
    }

    public static ApiError Twice(ReadOnlySpan<byte> payloadName, int position)
    {
        var name = Encoding.UTF8.GetString(payloadName);
        return Member($"/{name}", "DuplicateMember", $"'{name}' stands twice in the request, again at byte {position}. Send it once.");
    }

    public static ApiError WrongMember(string pointer, string wanted, int position) =>
        Member($"/{pointer}", "WrongType", $"'{pointer}' must be {wanted}; something else stands at byte {position}.");

    public static ApiError UnknownMember(ReadOnlySpan<byte> name, int position)
    {
        var text = Encoding.UTF8.GetString(name);
        var near = NearestName.Find(text, ["features", "items", "explanations", "dispatch", "context"]);
        return Member(
            $"/{PointerPart(text)}", "UnknownMember",
            $"'{text}' at byte {position} is no member of a prediction request.{Suggest(near)} Known are features (or items), explanations, dispatch and context.");
    }

    public static ApiError BadExplanations(ExplanationFault fault) => Member($"/{fault.Pointer}", "BadExplanations", fault.Message);

    /// <param name="problem">What the model lacks.</param>
    /// <param name="pointer">Where the request asks for them.</param>
    public static ApiError NoExplanations(string problem, string pointer = "/explanations/enabled") => Member(
        pointer, "ExplanationsUnavailable", $"This model's results cannot be explained: {problem} Or ask without explanations.");

    public static ApiError NotAnArray(int position) =>
        Member("/items", "WrongType", $"'items' must be an array of records; something else stands at byte {position}. Send JSON such as {ExampleOfMany}.");

    public static ApiError NotAnItem(int item, int position) => Member(
        Invariant($"/items/{item}"), "WrongType", Invariant($"Item {item} must be an object with 'features'; at byte {position} it is not."));

    public static ApiError TooManyRecords(int limit) => ApiError.PayloadTooLarge(
        Invariant($"The request holds more than the {limit} records that are taken at once."),
        Invariant($"The request holds more than the {limit} records that are taken at once. Send fewer at a time, or raise the node's MaxRecordsPerRequest."), "TooManyRecords");

    public static ApiError TooLarge(int limit) => ApiError.PayloadTooLarge(
        Invariant($"The request body is larger than the {limit:N0} bytes that are taken."),
        Invariant($"The request body is larger than the {limit:N0} bytes that are taken. Send less at a time, or raise the node's MaxRequestBodyBytes."), "BodyTooLarge");

    public static ApiError Malformed(JsonFault fault, int position, ReadOnlySpan<byte> body)
    {
        var (line, column) = LineOf(position, body);
        var what = fault switch
        {
            JsonFault.UnexpectedEnd => "it ends too early",
            JsonFault.TooDeep => "it is nested too deeply",
            JsonFault.BadNumber => "a number is malformed",
            JsonFault.BadEscape => "an escape in a string is malformed",
            JsonFault.ControlCharacterInString => "a control character stands unescaped in a string",
            _ => "something unexpected stands there",
        };
        return ApiError.BadRequest(
            Invariant($"The request body is not valid JSON at byte {position}: {what}."),
            Invariant($"The request body is not valid JSON at byte {position} (line {line}, column {column}): {what}."),
            fault == JsonFault.TooDeep ? "TooDeep" : "MalformedJson");
    }

    public static ApiError NotUtf8(ReadOnlySpan<byte> body)
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(body[position..], out _, out var length) == System.Buffers.OperationStatus.Done) position += length;
        return ApiError.BadRequest(
            $"The request body is not UTF-8 at byte {position}.", $"The request body is not UTF-8 at byte {position}. Encode it as UTF-8.", "MalformedJson");
    }

    /// <param name="fault">With a position in <paramref name="text"/>.</param>
    /// <param name="pointer">Where the object of features stands, such as <c>/items/3/features</c>.</param>
    /// <param name="given">The record as far as it was read, to tell all missing features at once.</param>
    public static ApiError Record(RecordFault fault, JsonFault jsonFault, PredictionEndpoint endpoint, ReadOnlySpan<byte> text, string pointer, TypedRecord given)
    {
        if (fault.Code == RecordFaultCode.Malformed) return Malformed(jsonFault, fault.Start, text);
        if (endpoint.Settings.Quiet) return Quiet(pointer);
        var spec = endpoint.Model.Spec;
        var message = RecordFaults.Describe(fault, endpoint, text, given);
        if (fault.Code == RecordFaultCode.UnknownField)
        {
            var name = Encoding.UTF8.GetString(text.Slice(fault.Start, fault.Length));
            var near = NearestName.Find(name, spec.Inputs.Select(input => input.Name));
            message = $"{message}{Suggest(near)}";
            return Member($"{pointer}/{PointerPart(name)}", "UnknownField", message);
        }

        if (fault.Code == RecordFaultCode.MissingField) return Missing(endpoint, pointer, given);
        var place = fault.Slot >= 0 ? $"{pointer}/{PointerPart(spec.Inputs[fault.Slot].Name)}" : pointer;
        return Member(place, fault.Code.ToString(), message);
    }

    /// <summary>A record that is refused without a word of why, since that would tell of the features.</summary>
    public static ApiError Quiet(string pointer) => ApiError.BadRequest(RecordFaults.QuietRefusal, $"{RecordFaults.QuietRefusal} Ask its owner what it takes.", "BadRecord") with
    {
        Errors = [new ApiErrorItem(pointer, "BadRecord", RecordFaults.QuietRefusal)],
    };

    /// <summary>A feature as a JSON pointer.</summary>
    public static string Pointer(string feature) => $"/{PointerPart(feature)}";

    private static ApiError Missing(PredictionEndpoint endpoint, string pointer, TypedRecord given)
    {
        var names = endpoint.Model.Spec.Inputs.Where((_, slot) => !given.IsGiven(slot)).Select(input => input.Name).ToList();
        var shown = string.Join(", ", names.Take(MostListed).Select(name => $"'{name}'"));
        var message = names.Count == 1 ? $"Feature {shown} is not in the record." : Invariant($"{names.Count} features are not in the record: {shown}.");
        return ApiError.BadRequest(message, $"{message} Give each a value, or null where the value is missing.", "MissingField") with
        {
            Errors = [.. names.Take(MostListed).Select(name => new ApiErrorItem($"{pointer}/{PointerPart(name)}", "MissingField", $"Feature '{name}' is not in the record."))],
        };
    }

    private static ApiError Member(string pointer, string code, string message) =>
        ApiError.BadRequest(message, errorType: code) with { Errors = [new ApiErrorItem(pointer, code, message)] };

    private static string Suggest(string? near) => near is null ? "" : $" Did you mean '{near}'?";

    private static string ExampleFor(ReadOnlySpan<byte> payloadName) => payloadName.SequenceEqual("items"u8) ? ExampleOfMany : Example;

    /// <summary>A name as a part of a JSON pointer (RFC 6901).</summary>
    private static string PointerPart(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static (int Line, int Column) LineOf(int position, ReadOnlySpan<byte> body)
    {
        var before = body[..Math.Min(position, body.Length)];
        return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
