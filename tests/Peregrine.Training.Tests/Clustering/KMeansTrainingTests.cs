using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Predictors;
using Peregrine.Records;
using Peregrine.Training.Clustering;
using Peregrine.Training.Evaluation;

namespace Peregrine.Training.Tests.Clustering;

/// <summary>Figures of Fisher's irises, standardised by mean and deviation over all rows, are scikit-learn 1.2.1's (KMeans with 200 starts and tol 0, silhouette_score).</summary>
public sealed class KMeansTrainingTests
{
    private static readonly (int Clusters, double Inertia, double Silhouette)[] s_known =
    [
        (2, 222.36170496502302, 0.5817500491982808), (3, 139.82049635974982, 0.45994823920518635), (4, 114.09223843568273, 0.383850922475103),
        (5, 90.80728315078542, 0.3419469709316348),
    ];

    [Fact]
    public void Train_ThreeClustersOfIrises_AreThoseThatAreKnown()
    {
        var model = Train(Iris.Table, new ClusteringSpec { Clusters = [3], Restarts = 60 }).Models[0];
        var found = model.Evaluation.Clustering.ShouldNotBeNull();
        found.Inertia.ShouldBe(139.82049635974982, 1e-9);
        found.Silhouette.ShouldBe(0.45994823920518635, 1e-12);
        found.SilhouetteRows.ShouldBe(150);
        found.ExplainedVariance.ShouldBe(1 - (139.82049635974982 / 600), 1e-12);
        found.Clusters.Select(cluster => (cluster.Label, cluster.Rows)).ShouldBe([("cluster_0", 53), ("cluster_1", 50), ("cluster_2", 47)]);
        var centroids = ((CentroidPredictorSpec)model.Artifact.Spec.Predictor).Centroids;
        double[][] known = [[-0.05021989, -0.88337647, 0.34773781, 0.2815273], [-1.01457897, 0.85326268, -1.30498732, -1.25489349], [1.13597027, 0.08842168, 0.99615451, 1.01752612]];
        for (var cluster = 0; cluster < 3; cluster++)
            for (var column = 0; column < 4; column++) centroids[cluster][column].ShouldBe(known[cluster][column], 1e-7);
        // How far each column sets the centres apart, weighted by the rows around them.
        double[] spread = [.. Enumerable.Range(0, 4).Select(column => known.Zip((int[])[53, 50, 47], (centre, rows) => rows * centre[column] * centre[column]).Sum())];
        for (var column = 0; column < 4; column++)
            model.Importance.Single(field => field.Field == Iris.Names[column]).Share.ShouldBe(spread[column] / spread.Sum(), 1e-6);
        // What sets the first cluster apart most is its narrow sepal: 2.67358491 against 3.05733333.
        var fact = found.Clusters[0].Facts[0];
        (fact.Field, fact.Value).ShouldBe(("sepal_width", null));
        fact.Inside.ShouldBe(2.67358491, 1e-7);
        fact.Overall.ShouldBe(Iris.Values.Average(row => row[1]), 1e-12);
        fact.Effect.ShouldBe(-0.88337647, 1e-7);
        model.Artifact.Spec.Inputs.Select(input => input.Name).ShouldBe(Iris.Names);
    }

    [Fact]
    public void Train_SeveralNumbersOfClusters_TakesTheOneWithTheBestSilhouette()
    {
        var model = Train(Iris.Table, new ClusteringSpec { Clusters = [5, 2, 3, 4], Restarts = 60 }).Models[0];
        var found = model.Evaluation.Clustering!;
        found.Clusters.Count.ShouldBe(2);
        found.Tried.Count.ShouldBe(4);
        for (var at = 0; at < 4; at++)
        {
            found.Tried[at].Clusters.ShouldBe(s_known[at].Clusters);
            found.Tried[at].Inertia.ShouldBe(s_known[at].Inertia, 1e-9);
            found.Tried[at].Silhouette.ShouldBe(s_known[at].Silhouette, 1e-9);
        }

        model.Evaluation.Leading.ShouldBe(found.Silhouette);
    }

    [Fact]
    public void Train_SameSeedOnAnyNumberOfThreads_GivesTheSameBytes()
    {
        var table = SampleTables.Made(5000);
        var one = Train(table, new ClusteringSpec { Clusters = [2, 5], Restarts = 2, SilhouetteRows = 200 }, threads: 1).Models[0];
        Train(table, new ClusteringSpec { Clusters = [2, 5], Restarts = 2, SilhouetteRows = 200 }, threads: 3).Models[0].Bytes.ShouldBe(one.Bytes);
    }

    [Fact]
    public void Train_NumbersCategoriesAndMoments_GivesAModelThatAnswersAsItWasEvaluated()
    {
        var table = SampleTables.Made();
        var result = Train(table, new ClusteringSpec { Clusters = [4], Restarts = 3, OutlierShare = 0.05 }, ignore: ["id"]);
        var trained = result.Models[0];
        var spec = trained.Artifact.Spec;
        (spec.Prediction, spec.Target, spec.Classes.Count, spec.Classes[^1]).ShouldBe((PredictionKind.Clustering, "", 5, "cluster_outliers"));
        var node = CompiledModel.Compile(ModelArtifact.Read(new MemoryStream(trained.Bytes)));
        var counts = new int[5];
        var filler = table.Bind(node.Inputs);
        for (var row = 0; row < table.Rows; row++)
        {
            var context = node.Rent();
            filler.Fill(row, context.Record);
            node.Score(context);
            counts[context.PredictedClass]++;
            node.Return(context);
        }

        var clusters = trained.Evaluation.Clustering!.Clusters;
        clusters.Select(cluster => cluster.Rows).ShouldBe(counts);
        counts[4].ShouldBe(100); // 5 % of 2,000
        clusters.Sum(cluster => cluster.Share).ShouldBe(1, 1e-12);
        clusters.ShouldAllBe(cluster => cluster.Facts.Any(fact => fact.Field == "color" && fact.Value != null) && cluster.Facts.All(fact => fact.Field != "at"));
        var color = clusters[0].Facts.Single(fact => fact.Field == "color");
        color.Overall.ShouldBe((double)Enumerable.Range(0, table.Rows).Count(row => table.Find("color")!.Text(row) == color.Value) / Enumerable.Range(0, table.Rows).Count(row => !table.Find("color")!.IsMissing(row)), 1e-12);
        var reference = node.Reference.ShouldNotBeNull();
        reference.Predictions.Select(field => field.Name).ShouldBe(["distance", "cluster"]);
        reference.Predictions[1].Counts.Take(5).ShouldBe(counts.Select(count => (long)count));
        trained.Importance.Sum(field => field.Share).ShouldBe(1, 1e-9);
        result.TrainRows.ShouldBe(2000);
        result.TestRows.Count.ShouldBe(2000);
    }

    [Fact]
    public void Train_MoreRowsThanAreFitted_DrawsSomeAndPutsAllIntoClusters()
    {
        var result = Train(SampleTables.Made(3000), new ClusteringSpec { Clusters = [2], Restarts = 1, MostFitRows = 1000, SilhouetteRows = 100 });
        var found = result.Models[0].Evaluation.Clustering!;
        (found.FitRows, found.SilhouetteRows).ShouldBe((1000, 100));
        found.Clusters.Sum(cluster => cluster.Rows).ShouldBe(3000);
        result.Plan.Warnings.ShouldContain(warning => warning.Contains("1,000 of the 3,000 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_Progress_RisesToTheEnd()
    {
        var seen = new List<double>();
        var request = Request(Iris.Table, new ClusteringSpec { Clusters = [2, 3], Restarts = 5 });
        new Trainer().Train(request, new Told(progress => seen.Add(progress.Fraction)), TestContext.Current.CancellationToken);
        seen.ShouldBe(seen.Order());
        seen.Distinct().Count().ShouldBeGreaterThan(10);
        seen[^1].ShouldBe(1);
    }

    [Fact]
    public void Train_CancelledOnItsWay_Stops()
    {
        using var source = new CancellationTokenSource();
        var request = Request(SampleTables.Made(1000), new ClusteringSpec { Clusters = [20], Restarts = 100 });
        Should.Throw<OperationCanceledException>(() => new Trainer().Train(request, new Told(progress =>
        {
            if (progress.Fraction > 0.07) source.Cancel();
        }), source.Token));
    }

    [Fact]
    public void Train_WhatCannotBe_IsRefusedWithTheReason()
    {
        Refused("fewer than 3 different", Constant(new Table([new NumberColumn(new Field("x", FieldKind.Number), [.. Enumerable.Range(0, 50).Select(row => row % 2.0)])]), 3));
        Refused("2 to 100", Constant(Iris.Table, 1));
        Refused("outlier share", Request(Iris.Table, new ClusteringSpec { OutlierShare = 0.5 }));
        Refused("no target", Request(Iris.Table, new ClusteringSpec()) with { Target = "sepal_width" });
        Refused("predicts no target", Request(Iris.Table, new ClusteringSpec()) with { Target = "sepal_width", Prediction = PredictionKind.Regression });
        Refused("finds no clusters", Request(Iris.Table, new ClusteringSpec()) with { Algorithms = [TrainingAlgorithm.RandomForest] });
    }

    private static void Refused(string words, TrainingRequest request) => Should.Throw<TrainingException>(() => new Trainer().Train(request)).Message.ShouldContain(words);

    private static TrainingRequest Constant(Table table, int clusters) => Request(table, new ClusteringSpec { Clusters = [clusters] });

    private static TrainingResult Train(Table table, ClusteringSpec spec, int threads = 2, string[]? ignore = null) =>
        new Trainer().Train(Request(table, spec) with { Threads = threads, Ignore = ignore ?? [] });

    private static TrainingRequest Request(Table table, ClusteringSpec spec) => new()
    {
        Table = table, Target = "", Prediction = PredictionKind.Clustering, Algorithms = [TrainingAlgorithm.KMeans], Clustering = spec,
    };

    private sealed class Told(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
