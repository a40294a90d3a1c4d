namespace Peregrine.Hosting.Errors;

/// <summary>One place in a document or file that is wrong.</summary>
/// <param name="Pointer">JSON pointer of the member (<c>/endpoints/0/id</c>), or the row and column of a file (<c>/rows/17/amount</c>).</param>
/// <param name="Code">Stable name for programs.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record ApiErrorItem(string Pointer, string Code, string Message);
