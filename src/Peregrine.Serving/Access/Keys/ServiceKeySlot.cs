namespace Peregrine.Serving.Access.Keys;

/// <summary>Where the request path reads a service's current <see cref="ServiceKeySet"/>.</summary>
internal sealed class ServiceKeySlot(ServiceKeySet first)
{
    private ServiceKeySet _current = first;

    public ServiceKeySet Current => Volatile.Read(ref _current);

    internal void Swap(ServiceKeySet next) => Volatile.Write(ref _current, next);
}
