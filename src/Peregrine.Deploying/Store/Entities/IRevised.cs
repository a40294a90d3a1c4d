namespace Peregrine.Deploying.Store.Entities;

/// <summary>A row whose every change counts its revision up; two writers of one revision cannot both win.</summary>
public interface IRevised
{
    int Revision { get; set; }
}
