namespace Peregrine.Client;

/// <summary>A server refused a call, or could not be asked.</summary>
public sealed class ClientException : Exception
{
    public ClientException(string message, int? status = null, string? errorType = null, Exception? inner = null) : base(message, inner)
    {
        Status = status;
        ErrorType = errorType;
    }

    /// <summary>The HTTP status; null when no answer came.</summary>
    public int? Status { get; }

    /// <summary>The server's name of the class of error.</summary>
    public string? ErrorType { get; }

    /// <summary>True when the caller has to change something: the request, the file, the key.</summary>
    public bool IsBadInput => Status is >= 400 and < 500 and not (408 or 429);

    public bool IsNotFound => Status == 404;

    public bool IsConflict => Status == 409;
}
