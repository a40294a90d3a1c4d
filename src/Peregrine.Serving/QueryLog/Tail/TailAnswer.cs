namespace Peregrine.Serving.QueryLog.Tail;

/// <param name="Lines">Oldest first.</param>
/// <param name="Cursor">Where the next call goes on.</param>
internal sealed record TailAnswer(IReadOnlyList<string> Lines, string Cursor);
