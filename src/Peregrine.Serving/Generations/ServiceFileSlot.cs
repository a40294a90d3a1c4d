namespace Peregrine.Serving.Generations;

/// <summary>Where the request path reads what a file of a service says now.</summary>
/// <param name="damage">Why the file cannot be read; null: it could.</param>
internal sealed class ServiceFileSlot<TFile, TCurrent>(TFile file, TCurrent current, string? damage = null)
    where TCurrent : class
{
    private TCurrent _current = current;

    public TCurrent Current => Volatile.Read(ref _current);

    public string? Damage { get; } = damage;

    /// <summary>For whoever changes it.</summary>
    public TFile File { get; private set; } = file;

    internal void Swap(TFile file, TCurrent next)
    {
        File = file;
        Volatile.Write(ref _current, next);
    }
}
