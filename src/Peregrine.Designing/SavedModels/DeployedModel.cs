namespace Peregrine.Designing.SavedModels;

/// <summary>What a deployment of a lab model to the project made.</summary>
/// <param name="TrainRecipeName">Name kept for retraining; no object of the project bears it yet.</param>
public sealed record DeployedModel(string SavedModelId, string VersionId, string TrainRecipeName);
