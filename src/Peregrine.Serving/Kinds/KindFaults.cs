using System.Globalization;
using System.Text;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Kinds;

/// <summary>What can be wrong with a request to any kind of endpoint, said to its caller.</summary>
internal static class KindFaults
{
    public static ApiError NoBody(KindCall call) => ApiError.BadRequest(
        "The request has no body.", $"The request has no body. Send JSON such as {call.Example}.", "NoBody");

    public static ApiError NotAnObject(KindCall call, int position) => ApiError.BadRequest(
        Invariant($"The request body must be a JSON object; something else stands at byte {position}."),
        Invariant($"The request body must be a JSON object; something else stands at byte {position}. Send JSON such as {call.Example}."), "MalformedJson");

    public static ApiError NoPayload(KindCall call) => ApiError.BadRequest(
        $"The request has no member '{call.Payload}'.", $"The request has no member '{call.Payload}'. Send JSON such as {call.Example}.", "MissingMember")
        with { Errors = [new ApiErrorItem($"/{call.Payload}", "MissingMember", $"'{call.Payload}' is required.")] };

    public static ApiError Twice(string pointer, int position)
    {
        var name = pointer[(pointer.LastIndexOf('/') + 1)..];
        return Member(pointer, "DuplicateMember", Invariant($"'{name}' stands twice, again at byte {position}. Send it once."));
    }

    public static ApiError NotAnArray(KindCall call, int position) =>
        Member($"/{KindCall.Items}", "WrongType", Invariant($"'{KindCall.Items}' must be an array of records; something else stands at byte {position}. Send JSON such as {call.Example}."));

    public static ApiError NotAnItem(KindCall call, int item, int position) => Member(
        Invariant($"/{KindCall.Items}/{item}"), "WrongType", Invariant($"Item {item} must be an object with '{call.Record}'; at byte {position} it is not."));

    /// <param name="parent">Pointer of the object that has the member; empty for the body.</param>
    public static ApiError UnknownMember(string parent, ReadOnlySpan<byte> name, int position, params IReadOnlyList<string> known)
    {
        var text = Encoding.UTF8.GetString(name);
        var near = NearestName.Find(text, known);
        return Member(
            parent + PredictionFaults.Pointer(text), "UnknownMember",
            Invariant($"'{text}' at byte {position} is no member that is known here.{(near is null ? "" : $" Did you mean '{near}'?")} Known are {string.Join(", ", known)}."));
    }

    public static ApiError Member(string pointer, string code, string message) =>
        ApiError.BadRequest(message, errorType: code) with { Errors = [new ApiErrorItem(pointer, code, message)] };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
