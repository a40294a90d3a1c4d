namespace Peregrine.Serving.Limits;

/// <summary>How a piece of scoring work came out of the queue.</summary>
internal enum WorkEnd
{
    /// <summary>It ran.</summary>
    Done,

    /// <summary>It was not begun: it had waited longer than a request may.</summary>
    WaitedTooLong,

    /// <summary>It was not begun: its deadline had passed.</summary>
    PastDeadline,

    /// <summary>It was not begun: the caller or the node has gone.</summary>
    Abandoned,
}
