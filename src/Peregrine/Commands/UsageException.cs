namespace Peregrine.Commands;

/// <summary>Something the user gave is wrong: the message says what, where and what to do. Ends the process with <see cref="ExitCodes.BadInput"/>.</summary>
public sealed class UsageException : Exception
{
    public UsageException(string message) : base(message)
    {
    }

    public UsageException(string message, Exception inner) : base(message, inner)
    {
    }
}
