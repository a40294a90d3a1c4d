namespace Peregrine.Client;

/// <summary>Which ML task, and on which dataset where the server said so.</summary>
public sealed record MlTask(string ProjectKey, string AnalysisId, string MlTaskId, string? InputDataset = null);
