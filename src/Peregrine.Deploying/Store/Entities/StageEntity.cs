namespace Peregrine.Deploying.Store.Entities;

public sealed class StageEntity
{
    public required string Id { get; set; }

    public required string Desc { get; set; }

    /// <summary>Place on the board, from 0.</summary>
    public int Position { get; set; }
}
