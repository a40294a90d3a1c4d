namespace Peregrine.Serving.QueryLog.Sinks;

/// <summary>Why a sink did not get lines.</summary>
internal enum SinkDrop
{
    /// <summary>Too many were waiting.</summary>
    QueueFull,

    /// <summary>It did not take them however often it was asked.</summary>
    Unreachable,

    /// <summary>It said that it never will: a status of 400 to 499.</summary>
    Refused,

    /// <summary>The node stopped before they were sent.</summary>
    Stopped,
}
