namespace Peregrine.Designing.Store;

/// <summary>The design store cannot be opened; the message says where it is, why, and what to do.</summary>
public sealed class DesignStoreException : Exception
{
    public DesignStoreException()
    {
    }

    public DesignStoreException(string message)
        : base(message)
    {
    }

    public DesignStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
