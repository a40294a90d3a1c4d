namespace Peregrine.Designing.Store;

/// <summary>A row whose every update counts its revision up; an update of a revision that is gone is refused.</summary>
public interface IRevisioned
{
    int Revision { get; set; }
}
