namespace Peregrine.Training;

/// <summary>What can be trained.</summary>
public enum TrainingAlgorithm
{
    /// <summary>Boosted trees by LightGBM; the number of trees is found on a part of the training rows.</summary>
    GradientBoostedTrees,

    /// <summary>Bagged trees by LightGBM.</summary>
    RandomForest,

    /// <summary>Logistic or multinomial regression, or ridge for a number; L2 penalty, standardised inputs.</summary>
    LinearModel,

    /// <summary>Clusters around means of standardised inputs; for clustering alone.</summary>
    KMeans,
}
