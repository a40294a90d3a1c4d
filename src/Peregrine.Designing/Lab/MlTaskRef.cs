namespace Peregrine.Designing.Lab;

/// <summary>Which ML task: ids are given by the server and hold letters and digits only.</summary>
public sealed record MlTaskRef(string ProjectKey, string AnalysisId, string MlTaskId);
