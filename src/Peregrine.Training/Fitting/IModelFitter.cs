using Peregrine.Training.Planning;

namespace Peregrine.Training.Fitting;

/// <summary>One algorithm.</summary>
internal interface IModelFitter
{
    TrainingAlgorithm Algorithm { get; }

    /// <summary>For people, by what is predicted.</summary>
    string Name(Models.PredictionKind prediction);

    /// <param name="data">Shared by all algorithms of a training.</param>
    /// <param name="progress">Share done of this fit, 0 to 1, and trees grown.</param>
    FittedModel Fit(TrainingData data, TreeRows treeRows, Action<double, int?> progress, CancellationToken cancellationToken);
}
