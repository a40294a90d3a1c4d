namespace Peregrine.Serving.Generations;

/// <summary>A file of a service that says which format it has.</summary>
internal interface IServiceFile
{
    int FormatVersion { get; }
}
