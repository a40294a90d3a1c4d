namespace Peregrine.Web.Shell;

/// <summary>Offers the places of one part of the page to the command palette.</summary>
public interface IPaletteSource
{
    Task<IReadOnlyList<PaletteEntry>> ListAsync(CancellationToken cancellationToken);
}
