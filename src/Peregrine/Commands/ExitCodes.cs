namespace Peregrine.Commands;

public static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>What was asked could not be done: a server refused, answered wrongly or was not there.</summary>
    public const int Failure = 1;

    /// <summary>What was asked is wrong: an option, a file, a port in use, a data directory that cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by Ctrl-C while working, as shells expect it.</summary>
    public const int Interrupted = 130;
}
