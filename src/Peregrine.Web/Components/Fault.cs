namespace Peregrine.Web.Components;

/// <summary>Why something asked for was not done, in the words of the user's data, with what to do next.</summary>
/// <param name="Status">The HTTP status that the same refusal has by REST; 500 for an unexpected fault.</param>
public sealed record Fault(int Status, string Message, string? Detail = null)
{
    /// <summary>Where in the input, when it can be told.</summary>
    public IReadOnlyList<FaultPlace> Places { get; init; } = [];

    public bool IsNotFound => Status == 404;

    /// <summary>The message for one field of a form, or null.</summary>
    public string? At(string where) => Places.FirstOrDefault(p => string.Equals(p.Where.TrimStart('/'), where, StringComparison.OrdinalIgnoreCase))?.Message;
}
