namespace Peregrine.Training;

/// <summary>Where a training stands.</summary>
/// <param name="Fraction">Of the whole training, 0 to 1, never falling.</param>
/// <param name="Phase">For people: <c>Preparing rows</c>, <c>Training</c>, <c>Evaluating</c>, <c>Done</c>.</param>
/// <param name="Trees">Trees grown so far by this algorithm.</param>
public sealed record TrainingProgress(double Fraction, string Phase, TrainingAlgorithm? Algorithm = null, int? Trees = null);
