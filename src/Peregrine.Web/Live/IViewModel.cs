namespace Peregrine.Web.Live;

/// <summary>The face of a view model that <see cref="ViewPage{TView}" /> works with.</summary>
public interface IViewModel
{
    /// <summary>What the page shows, to be handed from the first HTML answer to the live page; null when nothing was read.</summary>
    object? Snapshot { get; }

    void Restore(object snapshot);

    void Clear();

    Task LoadAsync(CancellationToken cancellationToken);
}
