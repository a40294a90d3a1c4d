using System.Globalization;
using System.Text;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages;
using Peregrine.Records;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Requests;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference;

/// <summary>What can be wrong with an inference request, said to its caller: what, where and what to do.</summary>
internal static class InferFaults
{
    private const int MostListed = 50;
    private const string Example = "{\"inputs\":[{\"name\":…,\"shape\":[1],\"datatype\":…,\"data\":[…]}]}";

    public static ApiError NoBody() => ApiError.BadRequest("The request has no body.", $"The request has no body. Send JSON such as {Example}.", "NoBody");

    public static ApiError NotAnObject(int position) => ApiError.BadRequest(
        $"The request must be a JSON object; something else stands at byte {position}.",
        $"The request must be a JSON object; something else stands at byte {position}. Send JSON such as {Example}.", "MalformedJson");

    public static ApiError NoInputs() => Item("/inputs", "MissingMember", $"The request has no tensor in 'inputs'. Send JSON such as {Example}.");

    public static ApiError Twice(string pointer) => Item(pointer, "DuplicateMember", $"'{pointer[1..]}' stands twice in the request. Send it once.");

    public static ApiError Wrong(string pointer, string wanted, int position) =>
        Item(pointer, "WrongType", Invariant($"'{pointer}' must be {wanted}; at byte {position} it is not."));

    public static ApiError Missing(string list, int place, string member) =>
        Item(Pointer(list, place, member), "MissingMember", $"'{Pointer(list, place)}' has no '{member}'.");

    public static ApiError DataOnce(int place, bool both) => Item(
        Pointer("/inputs", place), "WrongMember",
        both ? $"'{Pointer("/inputs", place)}' has 'data' and 'binary_data_size': give one of them." : $"'{Pointer("/inputs", place)}' has no 'data' and no 'binary_data_size'.");

    public static ApiError UnknownType(int place, ReadOnlySpan<byte> type) => Item(
        Pointer("/inputs", place, "datatype"), "UnknownDatatype",
        $"'{Text(type)}' is no datatype. Known are {string.Join(", ", TensorTypes.All)}.");

    public static ApiError NoContentsOf(int place, TensorType type) => Item(
        Pointer("/inputs", place, "contents"), "WrongType", $"{TensorTypes.NameOf(type)} has no typed contents. Send it in raw_input_contents.");

    public static ApiError Shape(int place, string fault) => Item(
        Pointer("/inputs", place, "shape"), "WrongShape",
        $"Unable to parse 'shape': the shape of '{Pointer("/inputs", place)}' {fault}. A tensor here has shape [n] or [n,1], n being the number of records.");

    public static ApiError TooManyTensors(string pointer) => Item(
        pointer, "TooManyTensors", Invariant($"'{pointer}' holds more than {InferRequest.MostTensors} tensors. Send one for each input of the model."));

    public static ApiError NoSharedMemory(string pointer) => Item(
        pointer, "Unsupported", $"'{pointer}' names a region of shared memory, which this server does not offer. Send the data in the request.");

    public static ApiError NoClassification(int place) => Item(
        Pointer("/outputs", place, "parameters/classification"), "Unsupported",
        "The classification extension is not offered. Ask for 'probas'; the model's metadata lists its classes.");

    public static ApiError MissingBytes(int wanted, int left, string name) => Item(
        "/inputs", "MissingBytes", Invariant($"Tensor '{name}' should have {wanted} bytes behind the JSON; {left} are left."));

    public static ApiError SurplusBytes(int surplus) => Item(
        "/inputs", "SurplusBytes",
        Invariant($"Unexpected additional input data: {surplus} bytes behind the last tensor. Check binary_data_size and Inference-Header-Content-Length."));

    public static ApiError HeaderLength(string given, int body) => Item(
        "/", "WrongHeaderLength", Invariant($"Inference-Header-Content-Length is '{given}'; it must be a number from 0 to the {body} bytes of the body."));

    public static ApiError RowsDiffer(int place, ReadOnlySpan<byte> name, int rows, int first) => Item(
        Pointer("/inputs", place, "shape"), "WrongShape",
        Invariant($"Input '{Text(name)}' has {rows} records and the first input {first}. All inputs need the same number."));

    public static ApiError UnknownInput(int place, ReadOnlySpan<byte> name, ModelSignature model)
    {
        var text = Text(name);
        var near = NearestName.Find(text, model.Spec.Inputs.Select(input => input.Name));
        return Item(
            Pointer("/inputs", place, "name"), "UnknownField",
            $"'{text}' is no input of model '{model.Name}'.{(near is null ? $" Its inputs are {Names(model.Spec.Inputs.Select(input => input.Name))}." : $" Did you mean '{near}'?")}");
    }

    public static ApiError InputTwice(int place, ReadOnlySpan<byte> name) =>
        Item(Pointer("/inputs", place, "name"), "DuplicateField", $"Input '{Text(name)}' stands twice. Send it once.");

    public static ApiError MissingInputs(ModelSignature model, TypedRecord given)
    {
        var names = model.Spec.Inputs.Where((_, slot) => !given.IsGiven(slot)).Select(input => input.Name).ToList();
        var message = names.Count == 1 ? $"Input '{names[0]}' is not in the request." : Invariant($"{names.Count} inputs are not in the request: {Names(names)}.");
        return ApiError.BadRequest(message, $"{message} Send each; a value that is missing is null, NaN or empty text.", "MissingField") with
        {
            Errors = [.. names.Take(MostListed).Select(name => new ApiErrorItem("/inputs", "MissingField", $"Input '{name}' is not in the request."))],
        };
    }

    public static ApiError UnknownOutput(int place, ReadOnlySpan<byte> name, ModelSignature model) => Item(
        Pointer("/outputs", place, "name"), "UnknownOutput",
        $"'{Text(name)}' is no output of model '{model.Name}'. Its outputs are {Names(model.Outputs.Select(output => output.Name))}.");

    public static ApiError OutputTwice(int place, ReadOnlySpan<byte> name) =>
        Item(Pointer("/outputs", place, "name"), "DuplicateOutput", $"Output '{Text(name)}' stands twice. Ask for it once.");

    public static ApiError RawSize(int place, ReadOnlySpan<byte> name, in TensorInput tensor, int size) => Item(
        Pointer("/inputs", place), tensor.Data.Length > (long)tensor.Rows * size ? "SurplusBytes" : "MissingBytes",
        Invariant($"Input '{Text(name)}' needs {(long)tensor.Rows * size} bytes for {tensor.Rows} elements of {TensorTypes.NameOf(tensor.Type)}; it has {tensor.Data.Length}."));

    public static ApiError RawNeedsOneInput(ModelSignature model) => Item(
        "/inputs", "WrongRequest", Invariant($"A body without JSON is for models of one input; '{model.Name}' has {model.Spec.Inputs.Count}. Send the inputs as tensors."));

    public static ApiError Cell(CellFault fault, int place, ReadOnlySpan<byte> name, int row, in TensorInput tensor, ModelSignature model)
    {
        var where = Invariant($"Element {row} of input '{Text(name)}'");
        var (code, message) = fault switch
        {
            CellFault.TooFew => ("MissingData", Invariant($"Input '{Text(name)}' ends before its element {row}; its shape says {tensor.Rows}.")),
            CellFault.TooMany => ("SurplusData", Invariant($"Input '{Text(name)}' has more elements than the {tensor.Rows} of its shape.")),
            CellFault.OutOfRange => ("WrongType", $"{where} is no {TensorTypes.NameOf(tensor.Type)}."),
            CellFault.Converted => ("ConvertedType", $"{where} must be sent as {OwnTypes(model.Spec, tensor.Slot)}; it is {TensorTypes.NameOf(tensor.Type)}."),
            CellFault.NotUtf8 => ("WrongType", $"{where} is not UTF-8 text."),
            CellFault.Malformed => ("Malformed", $"{where} is not well-formed."),
            _ => ("WrongType", $"{where} must be {Wanted(model.Spec, tensor.Slot)}; the {TensorTypes.NameOf(tensor.Type)} sent is not."),
        };
        return Item(Pointer("/inputs", place, Invariant($"data/{row}")), code, message);
    }

    /// <summary>A value that training did not see.</summary>
    public static ApiError Unlike(RecordFaultCode code, int place, int row, string message) =>
        Item(Pointer("/inputs", place, Invariant($"data/{row}")), code.ToString(), message);

    public static string Pointer(string list, int place, string? member = null) =>
        member is null ? Invariant($"{list}/{place}") : Invariant($"{list}/{place}/{member}");

    public static ApiError Item(string pointer, string code, string message) =>
        ApiError.BadRequest(message, errorType: code) with { Errors = [new ApiErrorItem(pointer, code, message)] };

    private static string OwnTypes(ModelSpec model, int slot) => model.Inputs[slot].Kind switch
    {
        FieldKind.Text => "BYTES",
        FieldKind.Number or FieldKind.Integer => "a numeric type",
        FieldKind.Boolean => "BOOL",
        _ => "BYTES or a numeric type",
    };

    private static string Wanted(ModelSpec model, int slot) => model.Inputs[slot].Kind switch
    {
        FieldKind.Text => "text",
        FieldKind.Number or FieldKind.Integer => "a number",
        FieldKind.Boolean => "true or false",
        FieldKind.DateTime => "a date and time such as 2026-01-31T12:00:00Z",
        _ => "a date such as 2026-01-31",
    };

    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        var shown = string.Join(", ", all.Take(MostListed));
        return all.Count > MostListed ? Invariant($"{shown} and {all.Count - MostListed} more") : shown;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8.Length > 200 ? utf8[..200] : utf8);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
